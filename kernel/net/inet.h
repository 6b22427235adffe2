// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What TCP, UDP and raw sockets share: IPv4 and IPv6 addresses, options at the IP level, lwIP's
// errors.
//
// A socket of AF_INET6 that is not IPV6_V6ONLY speaks IPv4 too, with v4-mapped addresses at the
// edge; inside, an address is an ip_addr_t of the version that is on the wire.
#ifndef NET_INET_H
#define NET_INET_H

#include <lwip/ip.h>
#include <lwip/ip_addr.h>
#include <lwip/netif.h>
#include <net/socket.h>

struct inet_sock {
	struct sock s;
	struct ip_pcb *pcb;   // of lwIP, NULL when it is gone
	ip_addr_t local_ip, remote_ip; // kept for names when the pcb is gone
	uint16_t local_port, remote_port;
	bool bound;           // by bind()
	bool v6only, freebind, pktinfo, pktinfo6, recvtos, recvttl, recvhops, recverr, mcast_loop;
	uint8_t tos, ttl, mcast_ttl;
	uint8_t mtu_discover;
};
static inline struct inet_sock *inet_of(struct sock *s) { return (struct inet_sock *)s; }

// How the protocols come in: weak, see socket.h.
struct inet_proto {
	int (*create)(int family, int protocol, struct sock **out);
};
extern const struct inet_proto sock_tcp __attribute__((weak));
extern const struct inet_proto sock_udp __attribute__((weak));
extern const struct inet_proto sock_raw __attribute__((weak));

void inet_init(struct inet_sock *is, const struct sock_ops *ops, int family, int type,
	       int protocol);
int inet_errno(err_t e);
// Checks an address of a bind or connect. Gives 0, -EINVAL, -EAFNOSUPPORT.
int inet_address_in(struct inet_sock *is, const struct linux_sockaddr *a, unsigned len,
		    ip_addr_t *ip, uint16_t *port);
int inet_address_out(const struct inet_sock *is, const ip_addr_t *ip, uint16_t port,
		     struct linux_sockaddr *a);
bool inet_is_local(const ip_addr_t *ip);       // an address of this instance, loopback included
// 0, -EADDRNOTAVAIL, -EINVAL
int inet_check_bind(struct inet_sock *is, const ip_addr_t *ip, uint16_t port);
// the unspecified address that the socket binds to
void inet_any(const struct inet_sock *is, ip_addr_t *ip);
uint8_t inet_pcb_type(const struct inet_sock *is);
void inet_pcb_options(struct inet_sock *is);    // puts what the socket has into its pcb
int inet_setopt(struct sock *s, int level, int name, const void *val, unsigned len);
int inet_getopt(struct sock *s, int level, int name, void *val, unsigned len);
long inet_ioctl(struct sock *s, unsigned cmd, unsigned long arg);
// Told to sockets about ICMP errors (net/icmp_error.c): err is an errno, hard: ends a connection
// attempt.
void tcp_icmp_error(const ip_addr_t *local, uint16_t lport, const ip_addr_t *remote, uint16_t rport,
		    int err) __attribute__((weak));
void udp_icmp_error(const ip_addr_t *local, uint16_t lport, const ip_addr_t *remote, uint16_t rport,
		    int err) __attribute__((weak));

#endif
