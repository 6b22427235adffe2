// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Messages of 9P2000.L: made with put_*(), sent by p9_call(), and read with get_*(). Numbers are
// little-endian; each is read once, so what the server changes meanwhile does not matter. What is
// not there reads as 0, and p9_took() tells.
#ifndef DRIVERS_P9_MESSAGE_H
#define DRIVERS_P9_MESSAGE_H

#include <drivers/p9/p9.h>

// Requests; the answer's type is one more. Linux: include/net/9p/9p.h, enum p9_msg_t.
enum p9_type {
	P9_RLERROR = 7,
	P9_TSTATFS = 8,
	P9_TLOPEN = 12,
	P9_TLCREATE = 14,
	P9_TSYMLINK = 16,
	P9_TMKNOD = 18,
	P9_TREADLINK = 22,
	P9_TGETATTR = 24,
	P9_TSETATTR = 26,
	P9_TREADDIR = 40,
	P9_TFSYNC = 50,
	P9_TLINK = 70,
	P9_TMKDIR = 72,
	P9_TRENAMEAT = 74,
	P9_TUNLINKAT = 76,
	P9_TVERSION = 100,
	P9_TATTACH = 104,
	P9_TWALK = 110,
	P9_TREAD = 116,
	P9_TWRITE = 118,
	P9_TCLUNK = 120,
};

#define P9_NONE (~0u) /* no fid, no uid, no gid: the server's own */

void p9_begin(struct p9 *fs, enum p9_type type);
void p9_put(struct p9 *fs, uint64_t value, unsigned bytes);
void p9_put_string(struct p9 *fs, const void *s, size_t len);
static inline void put_u32(struct p9 *fs, uint32_t v) { p9_put(fs, v, 4); }
static inline void put_u64(struct p9 *fs, uint64_t v) { p9_put(fs, v, 8); }

// Sends it. 0: there is an answer of the right type, to be read. Else the server's error, or -EIO.
int p9_call(struct p9 *fs);
// Sends it; its result comes in fs->later[slot]. -EAGAIN: it cannot be sent so.
int p9_call_later(struct p9 *fs, unsigned slot);
// With data behind the message, and with room for data of the answer; *got is how much came of it.
int p9_call_out(struct p9 *fs, const uint8_t *data, uint32_t len);
int p9_call_in(struct p9 *fs, uint8_t *data, uint32_t room, uint32_t *got);

uint64_t p9_get(struct p9 *fs, unsigned bytes);
static inline uint32_t get_u32(struct p9 *fs) { return (uint32_t)p9_get(fs, 4); }
static inline uint64_t get_u64(struct p9 *fs) { return p9_get(fs, 8); }
uint64_t p9_get_qid(struct p9 *fs); // its path: what tells files apart
// A string of at most `max` bytes, not terminated. Gives its length.
size_t p9_get_string(struct p9 *fs, void *to, size_t max);
// The answer has been read. 0, or -EIO: it was too short.
int p9_took(struct p9 *fs);

// The server is given up. -EIO.
int p9_breach(struct p9 *fs, const char *what);

#endif
