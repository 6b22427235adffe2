// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// TCP sockets on lwIP's raw API.
//
// States: NEW -> (connect) CONNECTING -> OPEN -> GONE, NEW -> (listen) LISTENING. In OPEN the flags
// say which directions are still open: rd_shut by shutdown(), rx_fin by the peer, wr_shut by
// shutdown(). The pcb belongs to the socket until lwIP frees it (error callback), until both
// directions are closed, or until release(), after which lwIP ends the connection alone.
//
// Received pbufs are queued as they are; the window opens again when the program has read.
#ifndef NET_TCP_SOCK_H
#define NET_TCP_SOCK_H

#include <lwip/tcp.h>
#include <net/inet.h>

enum tcp_stage { TCP_NEW, TCP_CONNECTING, TCP_OPEN, TCP_LISTENING, TCP_GONE };

struct tcp_sock {
	struct inet_sock in;
	enum tcp_stage stage;
	bool rx_fin, rd_shut, wr_shut;
	bool nodelay, cork, defer, quickack;
	// connect() after EINPROGRESS: the first one that finds it open gives 0
	bool told_connected;
	// Received: a chain of pbufs, `rx_off` bytes of the first are read.
	struct pbuf *rx_first, *rx_last;
	unsigned rx_off;
	unsigned rx_bytes;         // unread
	unsigned rx_held;          // memory that the chain takes
	int keep_idle, keep_intvl, keep_cnt; // seconds, seconds, count
	int user_timeout, maxseg, syncnt, linger2;
	uint64_t connected_at;
	// Listening: connections not yet accepted, linked by `accepting`.
	struct list accept_queue;
	struct list accepting;
	struct tcp_sock *listener;
	unsigned accept_count;
};
static inline struct tcp_sock *tcp_of(struct sock *s) { return (struct tcp_sock *)s; }
static inline struct tcp_pcb *tcp_pcb_of(struct tcp_sock *t) { return (struct tcp_pcb *)t->in.pcb; }

struct tcp_sock *tcp_sock_new(int family);
void tcp_sock_adopt(struct tcp_sock *t, struct tcp_pcb *pcb); // makes the two each other's
void tcp_sock_options(struct tcp_sock *t);
void tcp_sock_free(struct tcp_sock *t);
void tcp_rx_drop(struct tcp_sock *t);
unsigned tcp_space(struct tcp_sock *t); // bytes that may be queued for sending now
bool tcp_writable(struct tcp_sock *t);
uint32_t tcp_sock_poll(struct sock *s);
ssize_t tcp_sock_send(struct sock *s, struct msg *m);
ssize_t tcp_sock_recv(struct sock *s, struct msg *m);
int tcp_sock_setopt(struct sock *s, int level, int name, const void *val, unsigned len);
int tcp_sock_getopt(struct sock *s, int level, int name, void *val, unsigned len);
bool tcp_sock_taken(const struct tcp_sock *t, const ip_addr_t *ip, uint16_t port);
int tcp_sock_listen(struct sock *s, int backlog);
int tcp_sock_accept(struct sock *s, struct sock **out, bool nowait);
void tcp_listen_close(struct tcp_sock *t);
long tcp_sock_ioctl(struct sock *s, unsigned cmd, unsigned long arg);
extern const struct sock_ops tcp_ops;

#endif
