// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// ICMP errors for what this instance sent: lwIP passes them over, Linux tells the socket. Packets
// come by here before lwIP sees them (lwip_hooks.h); everything is still unchecked, so every length
// is.
#include <lwip/ip4.h>
#include <lwip/ip6.h>
#include <lwip/pbuf.h>
#include <lwip_hooks.h>
#include <net/inet.h>

#define ICMP_UNREACH 3
#define ICMP6_UNREACH 1
#define HEAD_MAX 120 /* two IP headers with options, ICMP's, 8 bytes */

// RFC 792, RFC 1812: codes of "destination unreachable", as Linux's icmp_err_convert makes errors
// of them.
static int error_of_v4(uint8_t code)
{
	static const uint8_t err[] = { ENETUNREACH,  EHOSTUNREACH, ENOPROTOOPT,
				       ECONNREFUSED, EMSGSIZE,     EOPNOTSUPP };

	return code < ARRAY_LEN(err) ? err[code] : EHOSTUNREACH;
}

static int error_of_v6(uint8_t code) // RFC 4443, 3.1
{
	static const uint8_t err[] = { ENETUNREACH,  EACCES, EHOSTUNREACH, EHOSTUNREACH,
				       ECONNREFUSED, EACCES, EACCES };

	return code < ARRAY_LEN(err) ? err[code] : EHOSTUNREACH;
}

static void tell(uint8_t proto, const ip_addr_t *local, const ip_addr_t *remote,
		 const uint8_t *ports, int err)
{
	uint16_t lport = (uint16_t)(ports[0] << 8 | ports[1]),
		 rport = (uint16_t)(ports[2] << 8 | ports[3]);

	if (proto == IPPROTO_TCP && tcp_icmp_error)
		tcp_icmp_error(local, lport, remote, rport, err);
	if (proto == IPPROTO_UDP && udp_icmp_error)
		udp_icmp_error(local, lport, remote, rport, err);
}

int net_icmp4_error(struct pbuf *p, struct netif *netif)
{
	const uint8_t *b = p->payload;
	uint8_t head[HEAD_MAX];
	ip_addr_t local, remote;
	unsigned n, outer, inner;

	if (p->len < 20 || b[9] != IPPROTO_ICMP)
		return 0;
	n = pbuf_copy_partial(p, head, sizeof(head), 0);
	outer = (head[0] & 0xf) * 4u;
	if (outer < 20 || n < outer + 8 + 20 || head[outer] != ICMP_UNREACH)
		return 0;
	b = head + outer + 8;
	inner = (b[0] & 0xf) * 4u;
	if (inner < 20 || n < outer + 8 + inner + 4)
		return 0;
	memset(&local, 0, sizeof(local));
	memset(&remote, 0, sizeof(remote));
	memcpy(ip_2_ip4(&local), b + 12, 4);
	memcpy(ip_2_ip4(&remote), b + 16, 4);
	tell(b[9], &local, &remote, b + inner, error_of_v4(head[outer + 1]));
	return 0;
}

int net_icmp6_error(struct pbuf *p, struct netif *netif)
{
	const uint8_t *b = p->payload;
	uint8_t head[40 + 8 + 40 + 4];
	ip_addr_t local, remote;

	if (p->len < 40 || b[6] != IPPROTO_ICMPV6)
		return 0;
	if (pbuf_copy_partial(p, head, sizeof(head), 0) < sizeof(head) || head[40] != ICMP6_UNREACH)
		return 0;
	b = head + 48;
	memset(&local, 0, sizeof(local));
	memset(&remote, 0, sizeof(remote));
	IP_SET_TYPE_VAL(local, IPADDR_TYPE_V6);
	IP_SET_TYPE_VAL(remote, IPADDR_TYPE_V6);
	memcpy(ip_2_ip6(&local)->addr, b + 8, 16);
	memcpy(ip_2_ip6(&remote)->addr, b + 24, 16);
	tell(b[6], &local, &remote, b + 40, error_of_v6(head[41]));
	return 0;
}
