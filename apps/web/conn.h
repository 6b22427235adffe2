// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Connections: each goes between waiting for a request, sending an answer and closing, as the
// event loop says what its socket is ready for.
#ifndef WEB_CONN_H
#define WEB_CONN_H

#include <stdint.h>

#include "text.h"

struct conn;

struct conn_options {
	unsigned max;             // connections at one time
	unsigned request_seconds; // for a request to arrive
	unsigned idle_seconds;    // between requests, and for a client to take some of an answer
};

void conn_init(int epoll_fd, const struct conn_options *o);
// Takes a socket that was accepted. One too many closes the one that is idle for longest; if none
// is, it is answered 503.
void conn_open(int fd);
// Must not be called for a connection after conn_open() in the same round of events: that may
// have closed it.
void conn_event(struct conn *c);
// Ends those whose time is over. Returns the milliseconds until the next one's is, or -1.
int conn_expire(void);
// Closes the connection that is idle for longest; false if none is.
bool conn_evict(void);
// From now on connections close after the answer that is under way.
void conn_drain(void);
void conn_close_all(void);

#endif
