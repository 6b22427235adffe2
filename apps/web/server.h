// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The listening socket and the event loop.
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include <stdint.h>

#include "conn.h"

// Listens on all addresses, IPv6 and IPv4, and makes the epoll descriptor. *port: 0 takes a free
// one, and says which. 0 or a negative errno.
int server_open(uint16_t *port, const struct conn_options *o);

// Serves until server_stop(), which a signal handler may call. 0 or a negative errno.
int server_run(void);
void server_stop(void);

#endif
