// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A tap that exists already: pith makes none, so it needs no privilege beyond what its owner was
// given (ip tuntap add dev NAME mode tap user USER vnet_hdr). linux/if_tun.h,
// Documentation/networking/tuntap.rst.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <monitor/dev/netdev_priv.h>

static long tap_read(int fd, void *buf, unsigned long n)
{
	ssize_t r = read(fd, buf, n);

	return r < 0 ? -errno : r;
}

static long tap_write(int fd, const void *buf, unsigned long n)
{
	ssize_t r = write(fd, buf, n);

	return r < 0 ? -errno : r;
}

static const struct pump_io io = { .read = tap_read, .write = tap_write };

static void tap_pump(struct netdev *d)
{
	pump_send(&d->pump, &io);
	d->received += (unsigned long)pump_receive(&d->pump, &io);
}

static void tap_fds(struct netdev *d, uint64_t *ns)
{
	if (pump_has_room(&d->pump))
		netdev_add_fd(d, d->pump.fd, POLLIN);
}

static void tap_polled(struct netdev *d)
{
	if (d->fd_count > NETDEV_OTHERS && d->fds[NETDEV_OTHERS].revents)
		d->received += (unsigned long)pump_receive(&d->pump, &io);
}

static void tap_close(struct netdev *d)
{
	if (d->pump.fd >= 0)
		close(d->pump.fd);
	d->pump.fd = -1;
}

static const struct netdev_ops tap_ops = {
	.pump = tap_pump, .fds = tap_fds, .polled = tap_polled, .close = tap_close
};

static int parse_address(struct load_net *net, const char *text, struct failure *why)
{
	char addr[INET_ADDRSTRLEN + 1], *end;
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	unsigned long bits = slash ? strtoul(slash + 1, &end, 10) : 24;
	struct in_addr in;

	snprintf(addr, sizeof(addr), "%.*s", (int)len, text);
	if (len >= sizeof(addr) || inet_pton(AF_INET, addr, &in) != 1)
		return failure_set(why, -EINVAL,
				   "--net tap: ip=%s is not an IPv4 address (ip=10.0.0.2/24)",
				   text);
	if (slash && (end == slash + 1 || *end || bits < 1 || bits > 32))
		return failure_set(why, -EINVAL,
				   "--net tap: ip=%s: what is behind the / must be from 1 to 32",
				   text);
	net->v4_addr = in.s_addr;
	net->v4_mask = htonl(0xffffffffu << (32 - bits));
	return 0;
}

static int parse_dns(struct load_net *net, const char *text, struct failure *why)
{
	uint8_t *to = net->dns[net->dns_count];
	struct in_addr in;

	if (net->dns_count == 3)
		return failure_set(why, -EINVAL, "--net tap: more than three times dns=");
	if (inet_pton(AF_INET6, text, to) != 1) {
		if (inet_pton(AF_INET, text, &in) != 1)
			return failure_set(why, -EINVAL, "--net tap: dns=%s is not an address",
					   text);
		memset(to, 0, 10);
		memset(to + 10, 0xff, 2);
		memcpy(to + 12, &in, 4);
	}
	net->dns_count++;
	return 0;
}

static int parse_option(struct load_net *net, const char *opt, struct failure *why)
{
	struct in_addr gw;

	if (!strncmp(opt, "ip=", 3))
		return parse_address(net, opt + 3, why);
	if (!strncmp(opt, "dns=", 4))
		return parse_dns(net, opt + 4, why);
	if (strncmp(opt, "gw=", 3))
		return failure_set(why, -EINVAL,
				   "--net tap: %s is no option; there are ip=, gw= and dns=", opt);
	if (inet_pton(AF_INET, opt + 3, &gw) != 1)
		return failure_set(why, -EINVAL, "--net tap: %s is not an IPv4 address", opt);
	net->v4_gateway = gw.s_addr;
	return 0;
}

// NAME[,option...] into *net; the name into name[IFNAMSIZ].
static int parse(const char *spec, char name[IFNAMSIZ], struct load_net *net, struct failure *why)
{
	char copy[256], *save = NULL, *at;
	int r = 0;

	if (strlen(spec) >= sizeof(copy))
		return failure_set(why, -EINVAL, "--net tap: too long");
	strcpy(copy, spec);
	at = strtok_r(copy, ",", &save);
	if (!at || strlen(at) >= IFNAMSIZ)
		return failure_set(
			why, -EINVAL,
			"--net tap:%s: a name of an interface has from 1 to 15 characters", spec);
	strcpy(name, at);
	while (!r && (at = strtok_r(NULL, ",", &save)))
		r = parse_option(net, at, why);
	if (!r && !net->v4_addr)
		net->flags |= NET_DHCP;
	return r;
}

static int attach_tap(int fd, const char *name, struct failure *why)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int size = sizeof(struct net_header);

	strcpy(ifr.ifr_name, name);
	// TUNSETIFF makes what is not there, where it may: that would hide a misspelt name.
	if (!if_nametoindex(name))
		return failure_set(why, -ENODEV,
				   "there is no interface %s; make it with: ip tuntap add dev %s "
				   "mode tap user $USER vnet_hdr",
				   name, name);
	if (ioctl(fd, TUNSETIFF, &ifr)) {
		if (errno == EBUSY)
			return failure_set(why, -EBUSY, "%s is in use by another process", name);
		if (errno == EPERM)
			return failure_set(why, -EPERM,
					   "%s belongs to another user; make it with: ip tuntap "
					   "add dev %s mode tap user $USER vnet_hdr",
					   name, name);
		return failure_errno(why, -errno, "%s cannot be used as a tap", name);
	}
	if (ioctl(fd, TUNSETVNETHDRSZ, &size))
		return failure_errno(why, -errno, "%s: TUNSETVNETHDRSZ", name);
	return 0;
}

static void offer_offloads(struct netdev *d, const struct netdev_config *cfg, struct load_net *net)
{
	unsigned long large = cfg->memory >= NETDEV_LARGE_FROM ? TUN_F_TSO4 | TUN_F_TSO6 : 0;

	net->flags |= NET_TX_CSUM | NET_V6_AUTO;
	d->pump.frame_max = (uint32_t)sizeof(struct net_header) + 14 + net->mtu;
	if (ioctl(d->pump.fd, TUNSETOFFLOAD, TUN_F_CSUM | large))
		return;
	net->flags |= NET_RX_CSUM;
	if (large) {
		net->flags |= NET_RX_TSO | NET_TX_TSO;
		d->pump.frame_max = sizeof(struct net_header) + NET_FRAME_MAX;
	}
}

static uint16_t mtu_of(const char *name)
{
	struct ifreq ifr = { .ifr_mtu = 1500 };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strcpy(ifr.ifr_name, name);
	if (s >= 0) {
		if (ioctl(s, SIOCGIFMTU, &ifr))
			ifr.ifr_mtu = 1500;
		close(s);
	}
	return (uint16_t)(ifr.ifr_mtu < 576 ? 576 : ifr.ifr_mtu > 65000 ? 65000 : ifr.ifr_mtu);
}

int netdev_tap_describe(const struct netdev_config *cfg, struct load_net *net, struct failure *why)
{
	char name[IFNAMSIZ];
	int r = parse(cfg->tap, name, net, why);

	if (!r)
		net->mtu = mtu_of(name);
	netdev_mac(net->mac, cfg->tap);
	return r;
}

int netdev_tap_open(struct netdev *d, const struct netdev_config *cfg, struct load_net *net,
		    struct failure *why)
{
	char name[IFNAMSIZ];
	int r = parse(cfg->tap, name, net, why);

	if (r)
		return r;
	d->ops = &tap_ops;
	d->pump.fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (d->pump.fd < 0)
		return failure_errno(why, -errno, "/dev/net/tun");
	r = attach_tap(d->pump.fd, name, why);
	if (r)
		return r;
	net->mtu = mtu_of(name);
	netdev_mac(net->mac, cfg->tap);
	offer_offloads(d, cfg, net);
	return 0;
}
