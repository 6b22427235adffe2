// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The program's standard streams through QEMU's sockets. Nothing blocks and nothing piles up: a
// stream is read when what was read before has been written.
#ifndef MONITOR_QEMU_STREAMS_H
#define MONITOR_QEMU_STREAMS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_ROOM 16384

struct stream {
	int from, to;
	uint8_t buf[STREAM_ROOM];
	size_t at, len;
	int *error;    // why it could not be written, as a positive errno, or NULL
	bool eof;      // no more comes
	bool terminal; // lines end with a carriage return, which does not belong to them
	bool lost;     // nobody reads it: what comes is dropped
};

enum { STREAM_OUT, STREAM_ERR, STREAM_SERIAL, STREAM_IN, STREAMS };

struct qemu_streams {
	struct stream at[STREAMS];
	int errors[3];       // by stream of the program
	bool end_told;       // the guest knows that standard input has ended
	unsigned end_ms;     // how long to wait before looking again whether QEMU has read all of it
};

void streams_open(struct qemu_streams *s, int console, int err, int serial);
// Two places in the poll set for each: where it is read, where it is written.
void streams_want(const struct qemu_streams *s, struct pollfd *p);
void streams_move(struct qemu_streams *s, const struct pollfd *p);
// All that came from QEMU is written, and no more comes.
bool streams_done(const struct qemu_streams *s);
// Standard input has ended, and QEMU has taken all of it.
bool streams_input_ended(const struct qemu_streams *s);

#endif
