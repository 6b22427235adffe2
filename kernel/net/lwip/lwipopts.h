// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// lwIP as the library OS uses it: its core under the kernel lock, no threads, no sockets, no name
// resolver, memory from kmalloc so that it grows with use only. Names and meanings: lwip/opt.h.
// Limits that depend on how much memory the instance has are variables (net/netif.c).
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include <stddef.h>

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0
#define LWIP_TIMERS 0 /* net/timers.c wakes only when something is due */
#define LWIP_NOASSERT 1
#define LWIP_STATS 0

#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEM_ALIGNMENT 8
#define mem_clib_malloc kmalloc
#define mem_clib_calloc(n, size) kzalloc((size_t)(n) * (size))
#define mem_clib_free kfree
void *kmalloc(size_t n);
void *kzalloc(size_t n);
void kfree(void *p);

#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define LWIP_ICMP 1
#define LWIP_RAW 0
#define LWIP_UDP 1
#define LWIP_TCP 1
#define LWIP_DHCP 1
#define LWIP_DHCP_MAX_DNS_SERVERS 3
#define LWIP_DHCP_PROVIDE_DNS_SERVERS 1
#define DHCP_DOES_ARP_CHECK 0
#define LWIP_DNS 0
#define DNS_MAX_SERVERS 3
#define LWIP_IGMP 1
#define LWIP_MULTICAST_TX_OPTIONS 1
#define LWIP_IPV6_MLD 1
#define LWIP_IPV6_AUTOCONFIG 1
#define IPV6_FRAG_COPYHEADER 1 /* pointers of 8 bytes do not fit over a fragment header */
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS 0
#define LWIP_IPV6_SCOPES 1
#define IP_DEFAULT_TTL 64
#define IP_SOF_BROADCAST 1
#define IP_SOF_BROADCAST_RECV 0
#define ARP_TABLE_SIZE 16
#define ETHARP_SUPPORT_STATIC_ENTRIES 0
#define ARP_QUEUEING 1
#define IP_REASS_MAX_PBUFS 64
#define LWIP_NETIF_HWADDRHINT 1
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_HAVE_LOOPIF 1
#define LWIP_LOOPIF_MULTICAST 1
#define LWIP_NETIF_LOOPBACK_MULTITHREADING 0
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#define SO_REUSE 1
#define SO_REUSE_RXTOALL 1

// TCP. A segment's limit is the interface's MTU (or what the peer asks for); TCP_MSS is only the
// ceiling, for loopback.
#define TCP_MSS 16384
#define TCP_OVERSIZE 1460
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 5
#define TCP_WND net_tcp_window
#define TCP_SND_BUF net_tcp_send_buffer
#define TCP_SND_QUEUELEN 0x8000
#define TCP_WND_UPDATE_THRESHOLD LWIP_MIN(TCP_WND / 4, 16384)
#define LWIP_DISABLE_TCP_SANITY_CHECKS 1
#define TCP_QUEUE_OOSEQ 1
#define LWIP_TCP_SACK_OUT 1
#define TCP_OOSEQ_MAX_BYTES TCP_WND
#define TCP_LISTEN_BACKLOG 1
#define LWIP_TCP_KEEPALIVE 1
#define LWIP_TCP_TIMESTAMPS 0
#define TCP_MSL 30000UL /* TIME_WAIT of 60 s, as Linux */
#define TCP_FIN_WAIT_TIMEOUT 60000
#define TCP_FAST_INTERVAL 40 /* how long an ACK waits for data to go with, as Linux */
#define TCP_SLOW_INTERVAL 200
#define PBUF_POOL_BUFSIZE 1536
extern unsigned net_tcp_window, net_tcp_send_buffer;

#define LWIP_HOOK_FILENAME "lwip_hooks.h"

#endif
