// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The service on the network: one epoll loop over UDP sockets, TCP listeners and connections.
#ifndef DNS_SERVER_H
#define DNS_SERVER_H

#include <stdint.h>

#include "text.h"

struct server_options {
	const char *address; // NULL: every one, IPv4 and IPv6
	uint16_t port;
	unsigned idle;       // seconds until an idle connection is closed
};

// Opens the sockets. 0, or a negative errno with the reason in err.
int server_open(const struct server_options *o, struct text *err);

// Serves until server_stop() is called, from a signal handler perhaps. 0, or a negative errno.
int server_run(void);
void server_stop(void);

#endif
