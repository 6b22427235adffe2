// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The families AF_INET and AF_INET6: protocols, addresses, errors.
#include <linux/process.h>
#include <net/inet.h>
#include <net/netif.h>

static int pick(int type, int protocol, const struct inet_proto **out)
{
	const struct inet_proto *p = NULL;

	if (protocol < 0 || protocol >= 256)
		return -EINVAL;
	if (type == SOCK_STREAM && (!protocol || protocol == IPPROTO_TCP))
		p = &sock_tcp;
	else if (type == SOCK_DGRAM && (!protocol || protocol == IPPROTO_UDP))
		p = &sock_udp;
	else if ((type == SOCK_RAW && protocol) ||
		 (type == SOCK_DGRAM && (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6)))
		p = &sock_raw;
	else if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
		return -ESOCKTNOSUPPORT;
	*out = p;
	return p ? 0 : -EPROTONOSUPPORT;
}

static int inet_create(int family, int type, int protocol, struct sock **out)
{
	const struct inet_proto *p;
	int r = pick(type, protocol, &p);

	if (r)
		return r;
	return p->create(family, protocol, out);
}

void *const inet_needs[] __attribute__((used)) = { (void *)net_init, (void *)net_up };

const struct sock_family inet_family = { .create = inet_create };

void inet_init(struct inet_sock *is, const struct sock_ops *ops, int family, int type, int protocol)
{
	sock_init(&is->s, ops, family, type, protocol);
	inet_any(is, &is->local_ip);
	inet_any(is, &is->remote_ip);
	is->ttl = IP_DEFAULT_TTL;
	is->mcast_ttl = 1;
	is->mcast_loop = true;
	is->mtu_discover = 1;
}

int inet_errno(err_t e)
{
	switch (e) {
	case ERR_OK: return 0;
	case ERR_MEM:
	case ERR_BUF: return -ENOBUFS;
	case ERR_RTE: return -ENETUNREACH;
	case ERR_USE: return -EADDRINUSE;
	case ERR_ALREADY: return -EALREADY;
	case ERR_ISCONN: return -EISCONN;
	case ERR_CONN: return -ENOTCONN;
	case ERR_TIMEOUT: return -ETIMEDOUT;
	case ERR_IF: return -ENETDOWN;
	case ERR_RST:
	case ERR_ABRT: return -ECONNRESET;
	default: return -EINVAL;
	}
}

static int address_in6(struct inet_sock *is, const struct linux_sockaddr_in6 *in6, unsigned len,
		       ip_addr_t *ip, uint16_t *port)
{
	if (len < SIN6_LEN_RFC2133)
		return -EINVAL;
	if (in6->family != AF_INET6)
		return -EAFNOSUPPORT;
	*port = lwip_ntohs(in6->port);
	memcpy(ip_2_ip6(ip)->addr, in6->addr, 16);
	if (ip6_addr_isipv4mappedipv6(ip_2_ip6(ip))) {
		uint32_t v4 = ip_2_ip6(ip)->addr[3];

		if (is->v6only)
			return -ENETUNREACH;
		memset(ip, 0, sizeof(*ip));
		ip_addr_set_ip4_u32(ip, v4);
		return 0;
	}
	IP_SET_TYPE(ip, IPADDR_TYPE_V6);
	if (len >= sizeof(*in6) && in6->scope && ip6_addr_has_scope(ip_2_ip6(ip), IP6_UNKNOWN))
		ip6_addr_set_zone(ip_2_ip6(ip), (u8_t)in6->scope);
	return 0;
}

int inet_address_in(struct inet_sock *is, const struct linux_sockaddr *a, unsigned len,
		    ip_addr_t *ip, uint16_t *port)
{
	const struct linux_sockaddr_in *in = (const void *)a;

	memset(ip, 0, sizeof(*ip));
	if (is->s.family == AF_INET6)
		return address_in6(is, (const void *)a, len, ip, port);
	if (len < sizeof(*in))
		return -EINVAL;
	if (in->family != AF_INET && !(in->family == AF_UNSPEC && !in->addr))
		return -EAFNOSUPPORT;
	*port = lwip_ntohs(in->port);
	ip_addr_set_ip4_u32(ip, in->addr);
	return 0;
}

int inet_address_out(const struct inet_sock *is, const ip_addr_t *ip, uint16_t port,
		     struct linux_sockaddr *a)
{
	struct linux_sockaddr_in *in = (void *)a;
	struct linux_sockaddr_in6 *in6 = (void *)a;

	memset(a, 0, sizeof(*a));
	if (is->s.family == AF_INET) {
		in->family = AF_INET;
		in->port = lwip_htons(port);
		in->addr = IP_IS_V4_VAL(*ip) ? ip_addr_get_ip4_u32(ip) : 0;
		return sizeof(*in);
	}
	in6->family = AF_INET6;
	in6->port = lwip_htons(port);
	if (IP_IS_V4_VAL(*ip)) {
		uint32_t v4 = ip_addr_get_ip4_u32(ip);

		in6->addr[10] = in6->addr[11] = 0xff;
		memcpy(in6->addr + 12, &v4, 4);
	} else {
		memcpy(in6->addr, ip_2_ip6(ip)->addr, 16);
		in6->scope = ip6_addr_zone(ip_2_ip6(ip));
	}
	return sizeof(*in6);
}

void inet_any(const struct inet_sock *is, ip_addr_t *ip)
{
	memset(ip, 0, sizeof(*ip));
	if (is->s.family == AF_INET6)
		IP_SET_TYPE(ip, IPADDR_TYPE_V6);
}

uint8_t inet_pcb_type(const struct inet_sock *is)
{
	if (is->s.family == AF_INET)
		return IPADDR_TYPE_V4;
	return is->v6only ? IPADDR_TYPE_V6 : IPADDR_TYPE_ANY;
}

bool inet_is_local(const ip_addr_t *ip)
{
	struct netif *n;

	if (IP_IS_V4_VAL(*ip) && ip4_addr_isloopback(ip_2_ip4(ip)))
		return true;
	NETIF_FOREACH(n) {
		if (IP_IS_V4_VAL(*ip) && ip4_addr_cmp(ip_2_ip4(ip), netif_ip4_addr(n)))
			return true;
		for (int i = 0; IP_IS_V6_VAL(*ip) && i < LWIP_IPV6_NUM_ADDRESSES; i++)
			if (!ip6_addr_isinvalid(netif_ip6_addr_state(n, i)) &&
			    ip6_addr_cmp_zoneless(ip_2_ip6(ip), netif_ip6_addr(n, i)))
				return true;
	}
	return false;
}

int inet_check_bind(struct inet_sock *is, const ip_addr_t *ip, uint16_t port)
{
	bool group = ip_addr_ismulticast(ip) ||
		     (IP_IS_V4_VAL(*ip) && ip4_addr_get_u32(ip_2_ip4(ip)) == IPADDR_BROADCAST);

	if (is->bound)
		return -EINVAL;
	if (ip_addr_isany(ip) || is->freebind || inet_is_local(ip))
		return 0;
	return group && is->s.type == SOCK_DGRAM ? 0 : -EADDRNOTAVAIL;
}

void inet_pcb_options(struct inet_sock *is)
{
	if (!is->pcb)
		return;
	is->pcb->tos = is->tos;
	is->pcb->ttl = is->ttl;
	is->pcb->so_options = (u8_t)((is->s.reuseaddr || is->s.reuseport ? SOF_REUSEADDR : 0) |
				     (is->s.keepalive ? SOF_KEEPALIVE : 0) |
				     (is->s.broadcast ? SOF_BROADCAST : 0));
}
