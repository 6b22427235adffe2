// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The interfaces: loopback, and the Ethernet that crosses to the host in the rings of
// boot_block.net.
#ifndef NET_NETIF_H
#define NET_NETIF_H

#include <lwip/netif.h>
#include <net/net.h>

// Waits until the first address is there, if it comes by DHCP.
void net_start(void);
// The text of /etc/resolv.conf. Gives its length; always terminates.
int net_resolv_conf(char *buf, size_t n);
// The instance's name and address into /etc/hosts (net/hosts.c). The root can be written to.
void net_hosts(void);
// Delivers what was sent to loopback. After every call that may have sent something.
void net_run(void);
// A program that only ever asks without waiting would never let anything in: now and then it does.
void net_spin(void);

// All interfaces in the order of their numbers, as programs expect to see them.
#define NET_FOREACH(n) for (u8_t net_i_ = 1; ((n) = netif_get_by_index(net_i_)); net_i_++)
// What programs are told of an interface (net/inet_options.c): lo is 1, eth0 2.
const char *netif_name(const struct netif *n);
int netif_number(const struct netif *n);
uint16_t netif_flags(const struct netif *n); // IFF_*
uint32_t netif_mtu(const struct netif *n);

// What crossed: [0] loopback, [1] the Ethernet, whose bytes count with their headers. A gathered
// frame counts once.
struct net_counts {
	uint64_t rx_bytes, rx_packets, rx_dropped, multicast, tx_bytes, tx_packets, tx_dropped;
};
extern struct net_counts net_counts[2];

extern struct netif net_eth, *net_lo; // net_eth.state is NULL if there is none

void tcp_trim_time_wait(unsigned max); // net/tcp_hash.c
extern unsigned net_tcp_time_wait_max;

// Timers of lwIP (net/timers.c).
void net_timers_run(uint64_t now);
uint64_t net_timers_next(void);

#endif
