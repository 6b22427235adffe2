// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// UDP sockets: see udp_sock.c (their life) and udp_io.c (datagrams).
#ifndef NET_UDP_SOCK_H
#define NET_UDP_SOCK_H

#include <lwip/pbuf.h>
#include <net/inet.h>

struct datagram {
	struct list link;
	struct pbuf *p;
	ip_addr_t from, to;
	uint16_t port;
	uint8_t netif, ttl, tos;
	unsigned held;       // memory that it takes
};

struct udp_sock {
	struct inet_sock in;
	bool connected, rd_shut, wr_shut;
	struct list queue;
	unsigned held;       // memory that the queue takes
};
static inline struct udp_sock *udp_of(struct sock *s) { return (struct udp_sock *)s; }

extern const struct sock_ops udp_ops;
void datagram_free(struct udp_sock *u, struct datagram *d);
int udp_need_pcb(struct udp_sock *u); // binds to a port if it has none
ssize_t udp_sock_send(struct sock *s, struct msg *m);
ssize_t udp_sock_recv(struct sock *s, struct msg *m);
long udp_sock_ioctl(struct sock *s, unsigned cmd, unsigned long arg);

#endif
