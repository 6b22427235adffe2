// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What libcs ask of NETLINK_ROUTE: the loopback interface with its address, by getifaddrs and by
// if_nameindex; and its name and number by ioctl on a socket of another family.
// NET: yes
#include "tnet.h"
#include <ifaddrs.h>
#include <net/if.h>

int main(void)
{
	struct if_nameindex *list;
	struct ifaddrs *all;
	char name[IF_NAMESIZE];
	struct ifreq r = { .ifr_name = "lo" };
	int fd, found = 0;

	NEED(!getifaddrs(&all));
	for (struct ifaddrs *a = all; a; a = a->ifa_next) {
		if (a->ifa_addr && a->ifa_addr->sa_family == AF_PACKET)
			NEED(a->ifa_data); // counters, which programs read unasked
		if (strcmp(a->ifa_name, "lo") || !a->ifa_addr || a->ifa_addr->sa_family != AF_INET)
			continue;
		found++;
		CHECK(((struct sockaddr_in *)a->ifa_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK));
		CHECK(((struct sockaddr_in *)a->ifa_netmask)->sin_addr.s_addr == htonl(0xff000000));
		CHECK((a->ifa_flags & (IFF_UP | IFF_LOOPBACK | IFF_RUNNING)) == (IFF_UP | IFF_LOOPBACK | IFF_RUNNING));
	}
	SHOW(found);
	freeifaddrs(all);
	NEED((list = if_nameindex()));
	say("%u %s", list[0].if_index, list[0].if_name);
	if_freenameindex(list);
	SHOW(if_nametoindex("lo"));
	SHOW(if_nametoindex("nosuch0"));
	CHECK(if_indextoname(1, name) && !strcmp(name, "lo"));
	CHECK(!if_indextoname(4711, name));
	NEED((fd = socket(AF_UNIX, SOCK_DGRAM, 0)) >= 0);
	CHECK(!ioctl(fd, SIOCGIFMTU, &r));
	SHOW(r.ifr_mtu);
	CHECK(!ioctl(fd, SIOCGIFINDEX, &r));
	SHOW(r.ifr_ifindex);
	strcpy(r.ifr_name, "nosuch0");
	CHECK_ERR(ioctl(fd, SIOCGIFFLAGS, &r), ENODEV);
	return 0;
}
