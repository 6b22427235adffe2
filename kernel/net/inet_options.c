// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Options at IPPROTO_IP and IPPROTO_IPV6, and the questions about interfaces that ioctl answers
// (netdevice(7)).
#include <lwip/igmp.h>
#include <lwip/mld6.h>
#include <lwip/udp.h>
#include <mm/mm.h>
#include <net/inet.h>
#include <net/netif.h>

static bool *v4_flag(struct inet_sock *is, int name)
{
	switch (name) {
	case IP_PKTINFO: return &is->pktinfo;
	case IP_RECVTOS: return &is->recvtos;
	case IP_RECVTTL: return &is->recvttl;
	case IP_RECVERR: return &is->recverr;
	case IP_FREEBIND:
	case IP_TRANSPARENT: return &is->freebind;
	case IP_MULTICAST_LOOP: return &is->mcast_loop;
	}
	return NULL;
}

static bool *v6_flag(struct inet_sock *is, int name)
{
	switch (name) {
	case IPV6_RECVPKTINFO: return &is->pktinfo6;
	case IPV6_RECVHOPLIMIT: return &is->recvhops;
	case IPV6_RECVTCLASS: return &is->recvtos;
	case IPV6_RECVERR: return &is->recverr;
	case IPV6_MULTICAST_LOOP: return &is->mcast_loop;
	}
	return NULL;
}

static uint8_t *byte_option(struct inet_sock *is, int level, int name)
{
	if (level == IPPROTO_IP)
		return name == IP_TOS             ? &is->tos
		       : name == IP_TTL           ? &is->ttl
		       : name == IP_MULTICAST_TTL ? &is->mcast_ttl
		       : name == IP_MTU_DISCOVER  ? &is->mtu_discover
						  : NULL;
	return name == IPV6_TCLASS           ? &is->tos
	       : name == IPV6_UNICAST_HOPS   ? &is->ttl
	       : name == IPV6_MULTICAST_HOPS ? &is->mcast_ttl
	       : name == IPV6_MTU_DISCOVER   ? &is->mtu_discover
					     : NULL;
}

static int byte_default(int level, int name)
{
	if (level == IPPROTO_IP)
		return name == IP_TTL ? IP_DEFAULT_TTL : name == IP_MULTICAST_TTL ? 1 : -1;
	return name == IPV6_UNICAST_HOPS     ? IP_DEFAULT_TTL
	       : name == IPV6_MULTICAST_HOPS ? 1
	       : name == IPV6_TCLASS         ? 0
					     : -1;
}

static int set_byte(struct inet_sock *is, int level, int name, uint8_t *field, int v)
{
	int least = level == IPPROTO_IP && name == IP_TTL ? 1 : 0;

	if (v == -1)
		v = byte_default(level, name);
	if (v < least || v > 255)
		return -EINVAL;
	*field = (uint8_t)v;
	inet_pcb_options(is);
	return 0;
}

static struct netif *interface_of(uint32_t addr, int index)
{
	struct netif *n;

	if (index)
		return netif_get_by_index((u8_t)index);
	NETIF_FOREACH(n)
		if (addr && ip4_addr_get_u32(netif_ip4_addr(n)) == addr)
			return n;
	return netif_default ? netif_default : net_lo;
}

static int membership4(int name, const void *val, unsigned len)
{
	const struct { uint32_t group, addr; int index; } *m = val; // struct ip_mreqn, ip(7)
	ip4_addr_t group;
	struct netif *n;
	err_t e;

	if (len < 8)
		return -EINVAL;
	group.addr = m->group;
	if (!ip4_addr_ismulticast(&group))
		return -EINVAL;
	n = interface_of(m->addr, len >= sizeof(*m) ? m->index : 0);
	if (!n)
		return -ENODEV;
	e = name == IP_ADD_MEMBERSHIP ? igmp_joingroup_netif(n, &group)
				      : igmp_leavegroup_netif(n, &group);
	if (e == ERR_VAL)
		// loopback has no groups to report
		return name == IP_ADD_MEMBERSHIP ? 0 : -EADDRNOTAVAIL;
	return inet_errno(e);
}

static int membership6(int name, const void *val, unsigned len)
{
	const struct { uint32_t group[4]; int index; } *m = val; // struct ipv6_mreq
	ip6_addr_t group = { { 0 }, 0 };
	struct netif *n;
	err_t e;

	if (len < sizeof(*m))
		return -EINVAL;
	memcpy(group.addr, m->group, 16);
	if (!ip6_addr_ismulticast(&group))
		return -EINVAL;
	n = interface_of(0, m->index);
	if (!n)
		return -ENODEV;
	ip6_addr_assign_zone(&group, IP6_MULTICAST, n);
	e = name == IPV6_ADD_MEMBERSHIP ? mld6_joingroup_netif(n, &group)
					: mld6_leavegroup_netif(n, &group);
	return e == ERR_VAL ? -EADDRNOTAVAIL : inet_errno(e);
}

static int set_v6only(struct inet_sock *is, int v)
{
	if (is->bound || is->pcb)
		return -EINVAL;
	is->v6only = v != 0;
	return 0;
}

int inet_setopt(struct sock *s, int level, int name, const void *val, unsigned len)
{
	struct inet_sock *is = inet_of(s);
	uint8_t *byte;
	bool *flag;
	int v;

	if (level != IPPROTO_IP && level != IPPROTO_IPV6)
		return -ENOPROTOOPT;
	if (level == IPPROTO_IPV6 && s->family != AF_INET6)
		return -ENOPROTOOPT;
	if (level == IPPROTO_IP && (name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP))
		return membership4(name, val, len);
	if (level == IPPROTO_IPV6 && (name == IPV6_ADD_MEMBERSHIP || name == IPV6_DROP_MEMBERSHIP))
		return membership6(name, val, len);
	if (len < 1 || (level == IPPROTO_IPV6 && len < sizeof(int)))
		return -EINVAL;
	v = len >= sizeof(int) ? *(const int *)val : *(const uint8_t *)val;
	flag = level == IPPROTO_IP ? v4_flag(is, name) : v6_flag(is, name);
	if (flag) {
		*flag = v != 0;
		return 0;
	}
	byte = byte_option(is, level, name);
	if (byte)
		return set_byte(is, level, name, byte, v);
	if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY)
		return set_v6only(is, v);
	if (level == IPPROTO_IP ? name == IP_MULTICAST_IF || name == IP_BIND_ADDRESS_NO_PORT
				: name == IPV6_MULTICAST_IF)
		return 0;
	return -ENOPROTOOPT;
}

int inet_getopt(struct sock *s, int level, int name, void *val, unsigned len)
{
	struct inet_sock *is = inet_of(s);
	const uint8_t *byte;
	const bool *flag;
	int *v = val;

	if (level != IPPROTO_IP && level != IPPROTO_IPV6)
		return -EOPNOTSUPP;
	if (level == IPPROTO_IPV6 && s->family != AF_INET6)
		return -EOPNOTSUPP;
	flag = level == IPPROTO_IP ? v4_flag(is, name) : v6_flag(is, name);
	byte = byte_option(is, level, name);
	if (flag)
		*v = *flag;
	else if (byte)
		*v = *byte;
	else if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY)
		*v = is->v6only;
	else if (name == (level == IPPROTO_IP ? IP_MTU : IPV6_MTU))
		*v = net_eth.state ? net_eth.mtu : 65535;
	else
		return -ENOPROTOOPT;
	return sizeof(*v);
}

// struct ifreq of linux/if.h, as far as it is used here.
struct ifreq {
	char name[IFNAMSIZ];
	union {
		struct linux_sockaddr_in addr;
		int16_t flags;
		int32_t number;
		struct {
			uint16_t family;
			uint8_t mac[14];
		} hw;
		uint8_t space[24];
	};
};
_Static_assert(sizeof(struct ifreq) == 40, "ifreq");

#define SIOCGIFNAME 0x8910
#define SIOCGIFCONF 0x8912
#define SIOCGIFFLAGS 0x8913
#define SIOCGIFADDR 0x8915
#define SIOCGIFBRDADDR 0x8919
#define SIOCGIFNETMASK 0x891b
#define SIOCGIFMETRIC 0x891d
#define SIOCGIFTXQLEN 0x8942
#define SIOCGIFMTU 0x8921
#define SIOCGIFHWADDR 0x8927
#define SIOCGIFINDEX 0x8933
#define IFF_UP 0x1
#define IFF_BROADCAST 0x2
#define IFF_LOOPBACK 0x8
#define IFF_RUNNING 0x40
#define IFF_MULTICAST 0x1000
#define ARPHRD_ETHER 1
#define ARPHRD_LOOPBACK 772

const char *netif_name(const struct netif *n)
{
	return n == net_lo ? "lo" : "eth0";
}

int netif_number(const struct netif *n)
{
	return n == net_lo ? 1 : 2;
}

uint16_t netif_flags(const struct netif *n)
{
	return IFF_UP | IFF_RUNNING |
	       (n == net_lo ? IFF_LOOPBACK : IFF_BROADCAST | IFF_MULTICAST);
}

uint32_t netif_mtu(const struct netif *n)
{
	return n == net_lo ? 65536 : n->mtu;
}

static void put_addr(struct ifreq *r, uint32_t addr)
{
	r->addr = (struct linux_sockaddr_in){ .family = AF_INET, .addr = addr };
}

static long answer(struct ifreq *r, const struct netif *n, unsigned cmd)
{
	uint32_t addr = ip4_addr_get_u32(netif_ip4_addr(n)),
		 mask = ip4_addr_get_u32(netif_ip4_netmask(n));
	bool lo = n == net_lo;

	memset(r->space, 0, sizeof(r->space));
	switch (cmd) {
	case SIOCGIFFLAGS:
		r->flags = (int16_t)netif_flags(n);
		break;
	case SIOCGIFADDR: put_addr(r, addr); break;
	case SIOCGIFBRDADDR: put_addr(r, lo ? 0 : (addr & mask) | ~mask); break;
	case SIOCGIFNETMASK: put_addr(r, mask); break;
	case SIOCGIFMTU: r->number = (int32_t)netif_mtu(n); break;
	case SIOCGIFINDEX: r->number = netif_number(n); break;
	case SIOCGIFHWADDR:
		r->hw.family = lo ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
		memcpy(r->hw.mac, n->hwaddr, lo ? 0 : 6);
		break;
	case SIOCGIFMETRIC: r->number = 0; break;
	case SIOCGIFTXQLEN: r->number = 1000; break;
	default: return -ENOTTY;
	}
	return 0;
}

static long list_interfaces(unsigned long arg)
{
	struct { int32_t len, pad; struct ifreq *req; } conf;
	struct netif *n;
	int used = 0;

	if (copy_from_user(&conf, (void *)arg, sizeof(conf)))
		return -EFAULT;
	NET_FOREACH(n) {
		struct ifreq r;

		memset(&r, 0, sizeof(r));
		memcpy(r.name, netif_name(n), strlen(netif_name(n)) + 1);
		answer(&r, n, SIOCGIFADDR);
		if (conf.req && conf.len - used >= (int)sizeof(r) &&
		    copy_to_user((char *)conf.req + used, &r, sizeof(r)))
			return -EFAULT;
		if (!conf.req || conf.len - used >= (int)sizeof(r))
			used += (int)sizeof(r);
	}
	return copy_to_user((void *)arg, &used, sizeof(used));
}

long netif_ioctl(unsigned cmd, unsigned long arg)
{
	struct ifreq r;
	struct netif *n;
	long e;

	if (cmd == SIOCGIFCONF)
		return list_interfaces(arg);
	if (cmd >> 8 != 0x89)
		return -ENOTTY;
	if (copy_from_user(&r, (void *)arg, sizeof(r)))
		return -EFAULT;
	r.name[IFNAMSIZ - 1] = 0;
	NETIF_FOREACH(n)
		if (cmd == SIOCGIFNAME ? r.number == netif_number(n) :
					 !strcmp(r.name, netif_name(n)))
			break;
	if (!n)
		return -ENODEV;
	if (cmd == SIOCGIFNAME)
		memcpy(r.name, netif_name(n), strlen(netif_name(n)) + 1), e = 0;
	else
		e = answer(&r, n, cmd);
	return e ? e : copy_to_user((void *)arg, &r, sizeof(r));
}

long inet_ioctl(struct sock *s, unsigned cmd, unsigned long arg)
{
	return netif_ioctl(cmd, arg);
}
