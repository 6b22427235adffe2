// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A 9P2000.L server over a directory of this machine, for tests. As QEMU's (7.2) it knows attributes by names only, also of files that
// are open. It is strict where the protocol is: a fid that is in use, that is not there, that is opened twice, is a failed test.
#ifndef P9_SERVER_H
#define P9_SERVER_H

#include <drivers/p9/p9.h>

#define SERVER_LATER_MAX 4 // then: not now

struct server {
	struct p9_transport transport; // the first
	const char *root;
	uint32_t msize;
	unsigned messages, fids;
	// Changes an answer of `len` bytes in `answer`, which has room for much more; gives its new length. NULL: honest.
	size_t (*lie)(struct server *s, uint8_t type, uint8_t *answer, size_t len);
	// An error for a message of this type, instead of an answer; 0: none.
	uint8_t fail_type;
	uint32_t fail_error;
	// Messages whose answers come later: with server_answer().
	struct {
		struct p9 *fs;
		unsigned slot;
		uint32_t len;
		uint8_t out[P9_LATER_LEN];
	} later[SERVER_LATER_MAX];
	unsigned later_count;
	bool fstats; // it tells attributes of what is open, and still changes those of the name: QEMU 10.0
};

void server_begin(struct server *s, const char *root);
void server_answer(struct server *s); // the last of those that wait
void server_end(struct server *s); // fails if fids other than the root's are in use

#endif
