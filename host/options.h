// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Values of options. All give 0 or -EINVAL with *why.
#ifndef HOST_OPTIONS_H
#define HOST_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <host/failure.h>

// Bytes: "64M", "1G", "512k", "4096". Powers of 1024.
int option_size(const char *text, uint64_t *bytes, struct failure *why);

// Seconds, with a fraction: "2", "0.5". As milliseconds.
int option_seconds(const char *text, unsigned *ms, struct failure *why);

// "[ADDRESS:]HOST:GUEST[/tcp|/udp]". The address is IPv4, 0.0.0.0 if absent, in network order.
struct option_port {
	uint32_t addr;
	uint16_t host, guest;
	bool udp;
};
int option_port(const char *text, struct option_port *port, struct failure *why);

// "HOST:GUEST[:ro|:rw]". The guest's path comes back absolute, without empty components and without
// a slash at its end. Both are the caller's to free.
struct option_volume {
	char *host, *guest;
	bool readonly;
};
int option_volume(const char *text, struct option_volume *volume, struct failure *why);

// "TERM", "SIGTERM" or "15".
int option_signal(const char *text, int *signo, struct failure *why);

#endif
