// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes on a 9p server: a client of 9P2000.L that answers the requests of include/pith/volume.h.
// QEMU's virtio-9p is such a server. The protocol: 9P2000 (Plan 9's manual, section 5) with the
// messages of 9P2000.L as Linux has them (include/net/9p/9p.h) and diod describes them.
//
// One message is under way at a time, and beside it those whose answers may come later: syncs, for
// which the disk takes its time. A server that breaks the protocol is asked nothing more: one
// line on the console, and every request gets -EIO from then on.
#ifndef DRIVERS_P9_P9_H
#define DRIVERS_P9_P9_H

#include <drivers/volumes.h>

// What one message takes, without the data of reads and writes, which has its own place: the
// longest is a Tsymlink, 7 + 4 + 2 + 255 + 2 + 4095 + 4 bytes.
#define P9_MESSAGE_MAX 8192u
// Of a read's or write's message, as Linux's P9_IOHDRSZ: more than either has before its data.
#define P9_DATA_HEADER 24u

struct p9_exchange {
	const uint8_t *out, *out_data;
	uint32_t out_len, out_data_len; // out_data_len 0: nothing
	uint8_t *in, *in_data;          // the answer fills the first, then the second
	uint32_t in_room, in_data_room; // in_data_room 0: nothing
};

struct p9;
struct p9_transport {
	// Sends a message and waits for the answer. Gives its length, at most both rooms; or a
	// negative errno: nothing can be sent any more.
	int64_t (*exchange)(struct p9_transport *t, const struct p9_exchange *x);
	// Sends a message of at most P9_LATER_LEN bytes and returns; p9_came_later() gets the
	// answer. -EAGAIN: not now. NULL: never.
	int (*later)(struct p9_transport *t, struct p9 *fs, const uint8_t *out, uint32_t len,
		     unsigned slot);
};

#define P9_LATER_LEN 32u
// The answer to what was sent with that slot, during exchange() or in between; len 0: there is none
// and nothing can be sent any more.
void p9_came_later(struct p9 *fs, unsigned slot, const uint8_t *answer, uint32_t len);

struct p9_node;
#define P9_BUCKETS 256u

struct p9 {
	struct volume_server server; // the first: drivers/volumes.h
	struct p9_transport *transport;
	const char *name;            // of the volume, for messages
	uint8_t *out, *in;           // messages: P9_MESSAGE_MAX bytes each
	uint32_t out_len, in_pos, in_end;
	bool out_bad, in_bad;        // more than has room, more than there is
	bool broken;
	uint32_t data_max;           // bytes of a read or a write
	uint32_t own_uid[2];         // of the root, and of what was made last
	uint64_t dev;                // what stat shows
	int32_t *later;              // volume_request.later
	struct p9_node *node;        // [1, used) have been given out; node 0 is none
	uint32_t room, used, free;
	uint32_t bucket[P9_BUCKETS];
};

// Opens the volume: fs has transport, name, out, in and dev, and zeros. 0 or a negative errno, told
// on the console.
int p9_start(struct p9 *fs);
// For tests: gives memory back. The server is told nothing.
void p9_end(struct p9 *fs);

#endif
