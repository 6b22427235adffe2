// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Questions over TCP (RFC 7766): messages with two octets of length before each, any number on a
// connection, sent without waiting for answers.
#ifndef DNS_TCP_H
#define DNS_TCP_H

#include <stdint.h>

struct tcp_conn;

// Connections are made and closed here, and watched through this epoll descriptor, with the
// address of the connection as data. idle: seconds.
void tcp_init(int epoll_fd, unsigned idle);

// Takes a connection that waits on a listener. how: as for query_process().
void tcp_accept(int listener, unsigned how);

// Reads, answers and writes, as epoll's events say.
void tcp_serve(struct tcp_conn *c, uint32_t events);

// Closes what has been idle for too long. Returns how long epoll may wait, in ms; -1: for ever.
int tcp_expire(void);

void tcp_close_all(void);

#endif
