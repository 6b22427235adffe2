// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// NETLINK_ROUTE: links, addresses and routes, as lwIP has them. See netlink.h.
#include <asm-generic/errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <lwip/ip.h>
#include <net/inet.h>
#include <net/netif.h>
#include <net/netlink.h>

#define ARPHRD_ETHER 1
#define ARPHRD_LOOPBACK 772
#define OPER_UNKNOWN 0
#define OPER_UP 6
#define QUEUE_LEN 1000
#define IFF_LOWER_UP 0x10000

static bool is_lo(const struct netif *n)
{
	return n == net_lo;
}

static void put_u32(struct nl_answer *a, uint16_t type, uint32_t v)
{
	nl_attr(a, type, &v, sizeof(v));
}

static void put_string(struct nl_answer *a, uint16_t type, const char *s)
{
	nl_attr(a, type, s, strlen(s) + 1);
}

static void put_counts(struct nl_answer *a, const struct netif *n)
{
	const struct net_counts *c = &net_counts[!is_lo(n)];
	struct rtnl_link_stats64 s64 = { .rx_packets = c->rx_packets, .rx_bytes = c->rx_bytes,
					 .rx_dropped = c->rx_dropped, .multicast = c->multicast,
					 .tx_packets = c->tx_packets, .tx_bytes = c->tx_bytes,
					 .tx_dropped = c->tx_dropped };
	struct rtnl_link_stats s = { .rx_packets = (uint32_t)c->rx_packets,
				     .rx_bytes = (uint32_t)c->rx_bytes,
				     .rx_dropped = (uint32_t)c->rx_dropped,
				     .multicast = (uint32_t)c->multicast,
				     .tx_packets = (uint32_t)c->tx_packets,
				     .tx_bytes = (uint32_t)c->tx_bytes,
				     .tx_dropped = (uint32_t)c->tx_dropped };

	nl_attr(a, IFLA_STATS64, &s64, sizeof(s64));
	nl_attr(a, IFLA_STATS, &s, sizeof(s));
}

static void put_link(struct nl_answer *a, const struct netif *n)
{
	static const uint8_t nothing[6], all[6] = { 255, 255, 255, 255, 255, 255 };
	struct ifinfomsg *i = nl_begin(a, RTM_NEWLINK, sizeof(*i));
	uint8_t state = is_lo(n) ? OPER_UNKNOWN : OPER_UP;

	if (!i)
		return;
	i->ifi_type = is_lo(n) ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
	i->ifi_index = netif_number(n);
	i->ifi_flags = netif_flags(n) | IFF_LOWER_UP;
	put_string(a, IFLA_IFNAME, netif_name(n));
	put_u32(a, IFLA_TXQLEN, QUEUE_LEN);
	nl_attr(a, IFLA_OPERSTATE, &state, sizeof(state));
	put_u32(a, IFLA_MTU, netif_mtu(n));
	nl_attr(a, IFLA_ADDRESS, is_lo(n) ? nothing : n->hwaddr, 6);
	nl_attr(a, IFLA_BROADCAST, is_lo(n) ? nothing : all, 6);
	put_string(a, IFLA_QDISC, "noqueue");
	put_counts(a, n);
	nl_end(a);
}

static struct ifaddrmsg *begin_addr(struct nl_answer *a, const struct netif *n, uint8_t family,
				    unsigned prefix, uint8_t scope)
{
	struct ifaddrmsg *m = nl_begin(a, RTM_NEWADDR, sizeof(*m));

	if (!m)
		return NULL;
	*m = (struct ifaddrmsg){ .ifa_family = family,
				 .ifa_prefixlen = (uint8_t)prefix,
				 .ifa_flags = IFA_F_PERMANENT,
				 .ifa_scope = scope,
				 .ifa_index = (uint32_t)netif_number(n) };
	return m;
}

static unsigned prefix_of(const struct netif *n)
{
	uint32_t mask = lwip_ntohl(ip4_addr_get_u32(netif_ip4_netmask(n)));
	unsigned bits = 0;

	for (; mask; mask <<= 1)
		bits++;
	return bits;
}

static void put_addr4(struct nl_answer *a, const struct netif *n)
{
	uint32_t addr = ip4_addr_get_u32(netif_ip4_addr(n)),
		 mask = ip4_addr_get_u32(netif_ip4_netmask(n));

	if (!addr ||
	    !begin_addr(a, n, AF_INET, prefix_of(n), is_lo(n) ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE))
		return;
	put_u32(a, IFA_ADDRESS, addr);
	put_u32(a, IFA_LOCAL, addr);
	if (!is_lo(n))
		put_u32(a, IFA_BROADCAST, addr | ~mask);
	put_string(a, IFA_LABEL, netif_name(n));
	put_u32(a, IFA_FLAGS, IFA_F_PERMANENT);
	nl_end(a);
}

static void put_addr6(struct nl_answer *a, const struct netif *n, int i)
{
	const ip6_addr_t *ip = netif_ip6_addr(n, i);
	uint8_t scope = is_lo(n) ? RT_SCOPE_HOST
				 : ip6_addr_islinklocal(ip) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;

	if (!ip6_addr_isvalid(netif_ip6_addr_state(n, i)) ||
	    !begin_addr(a, n, AF_INET6, is_lo(n) ? 128 : 64, scope))
		return;
	nl_attr(a, IFA_ADDRESS, ip->addr, 16);
	put_u32(a, IFA_FLAGS, IFA_F_PERMANENT);
	nl_end(a);
}

struct route {
	uint8_t family, prefix, scope, protocol;
	const struct netif *netif;
	uint32_t to, gateway, source; // IPv4; 0: none
};

static void put_route(struct nl_answer *a, const struct route *r)
{
	struct rtmsg *m = nl_begin(a, RTM_NEWROUTE, sizeof(*m));

	if (!m)
		return;
	*m = (struct rtmsg){ .rtm_family = r->family,
			     .rtm_dst_len = r->prefix,
			     .rtm_table = RT_TABLE_MAIN,
			     .rtm_protocol = r->protocol,
			     .rtm_scope = r->scope,
			     .rtm_type = RTN_UNICAST };
	put_u32(a, RTA_TABLE, RT_TABLE_MAIN);
	if (r->to)
		put_u32(a, RTA_DST, r->to);
	if (r->source)
		put_u32(a, RTA_PREFSRC, r->source);
	if (r->gateway)
		put_u32(a, RTA_GATEWAY, r->gateway);
	put_u32(a, RTA_OIF, (uint32_t)netif_number(r->netif));
	nl_end(a);
}

// The way out, and the network of each Ethernet.
static void put_routes(struct nl_answer *a)
{
	const struct netif *n = netif_default;
	uint32_t addr, mask;

	if (n && ip4_addr_get_u32(netif_ip4_gw(n)))
		put_route(a, &(struct route){ .family = AF_INET,
					      .scope = RT_SCOPE_UNIVERSE,
					      .protocol = RTPROT_BOOT,
					      .netif = n,
					      .gateway = ip4_addr_get_u32(netif_ip4_gw(n)) });
	NET_FOREACH(n) {
		addr = ip4_addr_get_u32(netif_ip4_addr(n));
		mask = ip4_addr_get_u32(netif_ip4_netmask(n));
		if (is_lo(n) || !addr)
			continue;
		put_route(a, &(struct route){ .family = AF_INET,
					      .prefix = (uint8_t)prefix_of(n),
					      .scope = RT_SCOPE_LINK,
					      .protocol = RTPROT_KERNEL,
					      .netif = n,
					      .to = addr & mask,
					      .source = addr });
	}
}

static void dump_addresses(struct nl_answer *a, uint8_t family)
{
	struct netif *n;

	if (family != AF_INET6)
		NET_FOREACH(n)
			put_addr4(a, n);
	if (family != AF_INET)
		NET_FOREACH(n)
			for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++)
				put_addr6(a, n, i);
}

// The attribute `type` behind a header, or NULL. *len is what it holds.
static const void *find_attr(const struct nlmsghdr *h, size_t header, uint16_t type, size_t *len)
{
	size_t off = NLMSG_HDRLEN + NLMSG_ALIGN(header);

	while (off + NLA_HDRLEN <= h->nlmsg_len) {
		const struct nlattr *t = (const void *)((const uint8_t *)h + off);

		if (t->nla_len < NLA_HDRLEN || t->nla_len > h->nlmsg_len - off)
			break;
		if ((t->nla_type & NLA_TYPE_MASK) == type) {
			*len = t->nla_len - (size_t)NLA_HDRLEN;
			return t + 1;
		}
		off += NLA_ALIGN(t->nla_len);
	}
	return NULL;
}

static int one_link(struct nl_answer *a, const struct nlmsghdr *h)
{
	const struct ifinfomsg *i = (const void *)(h + 1);
	const char *name;
	struct netif *n;
	size_t len = 0;

	if (h->nlmsg_len < NLMSG_HDRLEN + sizeof(*i))
		return -EINVAL;
	name = find_attr(h, sizeof(*i), IFLA_IFNAME, &len);
	if (i->ifi_index <= 0 && !name)
		return -EINVAL;
	NET_FOREACH(n) {
		size_t known = strlen(netif_name(n));

		if (i->ifi_index > 0 ? i->ifi_index == netif_number(n) :
				       known == strnlen(name, len) &&
					       !memcmp(name, netif_name(n), known)) {
			put_link(a, n);
			return 0;
		}
	}
	return -ENODEV;
}

static int one_route(struct nl_answer *a, const struct nlmsghdr *h)
{
	const struct rtmsg *m = (const void *)(h + 1);
	const struct netif *n;
	const void *dst;
	ip4_addr_t to;
	size_t len;

	if (h->nlmsg_len < NLMSG_HDRLEN + sizeof(*m))
		return -EINVAL;
	dst = find_attr(h, sizeof(*m), RTA_DST, &len);
	if (m->rtm_family != AF_INET || !dst || len != sizeof(to.addr))
		return -EOPNOTSUPP;
	memcpy(&to.addr, dst, sizeof(to.addr));
	n = ip4_route(&to);
	if (!n)
		return -ENETUNREACH;
	put_route(a, &(struct route){
			     .family = AF_INET,
			     .prefix = 32,
			     .scope = RT_SCOPE_UNIVERSE,
			     .netif = n,
			     .to = to.addr,
			     .source = ip4_addr_get_u32(netif_ip4_addr(n)),
			     .gateway = is_lo(n) || ip4_addr_netcmp(&to, netif_ip4_addr(n),
								    netif_ip4_netmask(n))
						? 0
						: ip4_addr_get_u32(netif_ip4_gw(n)) });
	return 0;
}

int netlink_route(struct nl_answer *a, const void *request, size_t len)
{
	const struct nlmsghdr *h = request;
	uint8_t family = len > NLMSG_HDRLEN ? *(const uint8_t *)(h + 1) : AF_UNSPEC;
	bool dump = (h->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	struct netif *n;

	switch (h->nlmsg_type) {
	case RTM_GETLINK:
		if (!dump)
			return one_link(a, h);
		NET_FOREACH(n)
			put_link(a, n);
		return 0;
	case RTM_GETADDR:
		if (dump)
			dump_addresses(a, family);
		return dump ? 0 : -EOPNOTSUPP;
	case RTM_GETROUTE:
		if (!dump)
			return one_route(a, h);
		if (family != AF_INET6)
			put_routes(a);
		return 0;
	case RTM_GETRULE:
	case RTM_GETNEIGH: return dump ? 0 : -EOPNOTSUPP; // none to tell of
	default: // the rest changes something
		return h->nlmsg_type <= RTM_MAX ? -EPERM : -EOPNOTSUPP;
	}
}
