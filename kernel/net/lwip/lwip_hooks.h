// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where lwIP asks us: initial sequence numbers (RFC 6528), and a look at packets for ICMP errors,
// which lwIP itself ignores, and to count those on loopback.
#ifndef LWIP_HOOKS_H
#define LWIP_HOOKS_H

struct pbuf;
struct netif;

u32_t net_tcp_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
		  u16_t remote_port);
int net_icmp4_error(struct pbuf *p, struct netif *netif);
int net_icmp6_error(struct pbuf *p, struct netif *netif);

void net_count_looped(const struct pbuf *p); // net/netif.c

#define LWIP_HOOK_TCP_ISN net_tcp_isn
#define LWIP_HOOK_IP4_INPUT(p, netif) (net_count_looped(p), net_icmp4_error(p, netif))
#define LWIP_HOOK_IP6_INPUT(p, netif) (net_count_looped(p), net_icmp6_error(p, netif))

#endif
