// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Both ends of a ring, and the console on top of it, against a peer that writes what it likes into
// the shared memory. The input is a program: an operation and its argument, each two bytes, over
// and over.
#include <stdlib.h>
#include <string.h>

#include <pith/console.h>

#define SIZE 4096u

struct op {
	uint8_t what, arg;
	uint16_t value;
};

static uint8_t check; // so that what is read is read

static void inside(const struct ring_end *e, const uint8_t *p, uint32_t len)
{
	if (p < e->ring->data || p + len > e->ring->data + SIZE)
		__builtin_trap();
	for (uint32_t i = 0; i < len; i++)
		check ^= p[i];
}

static void consume(struct ring_end *e)
{
	struct ring_rec rec;
	uint8_t *p;

	if (ring_next(e, &rec, &p) == 1) {
		inside(e, p, rec.len);
		ring_pop(e, &rec);
	}
}

static void produce(struct ring_end *e, uint32_t len)
{
	int err;
	uint8_t *p = ring_space(e, len, &err);

	if (p) {
		inside(e, p, len);
		memset(p, 0x5a, len);
		ring_push(e, len, 1);
	} else if (err != RING_ENOSPC && err != RING_EPROTO) {
		__builtin_trap();
	}
}

static long fake_read(int fd, void *buf, unsigned long n)
{
	memset(buf, 'i', n);
	return check & 1 ? (long)n : -11;
}

static long fake_write(int fd, const void *buf, unsigned long n)
{
	if (n > CONSOLE_CHUNK || !n)
		__builtin_trap();
	for (unsigned long i = 0; i < n; i++)
		check ^= ((const uint8_t *)buf)[i];
	return check & 2 ? (long)n : check & 4 ? 1 : check & 8 ? -11 : -28;
}

static int fake_writable(int fd)
{
	return check & 16;
}

// What a hostile peer does: indices, and records' headers anywhere.
static void meddle(struct ring *r, struct op op)
{
	static const uint32_t values[] = { 0,	       4,	    8,		SIZE,
					   SIZE - 8,   SIZE + 8,    SIZE / 2,	SIZE / 2 + 1,
					   0x7fffffff, 0x80000000u, UINT32_MAX, UINT32_MAX - 7 };
	uint32_t v = op.value & 0x8000 ? values[op.value % (sizeof(values) / sizeof(values[0]))]
				       : op.value;

	switch (op.what % 4) {
	case 0: r->head = v; break;
	case 1: r->tail = v; break;
	case 2: r->head += v; break;
	case 3: memcpy(r->data + (op.arg * 16u & (SIZE - 8)), &v, sizeof(v)); break;
	}
}

static void step(struct console *c, const struct console_io *io, struct op op)
{
	check = op.arg;
	switch (op.what >> 5) {
	case 0: consume(&c->out); break;
	case 1: produce(&c->in, op.value % (SIZE / 2 + 2)); break;
	case 2: console_flush(c, io); break;
	case 3: console_fill(c, io); break;
	case 4: case 5: meddle(c->in.ring ? c->in.ring : c->out.ring, op); break;
	default: meddle(c->out.ring, op); break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct console_io io = { .read = fake_read,
					      .write = fake_write,
					      .writable = fake_writable };
	struct ring *out = aligned_alloc(64, (ring_bytes(SIZE) + 63) & ~63ul),
		    *in = aligned_alloc(64, (ring_bytes(SIZE) + 63) & ~63ul);
	struct console c = { .out = { .ring = out, .size = SIZE },
			     .in = { .ring = in, .size = SIZE },
			     .blocked = -1 };
	struct op op;

	memset(out, 0, ring_bytes(SIZE));
	memset(in, 0, ring_bytes(SIZE));
	for (size_t at = 0; at + sizeof(op) <= size && c.out.ring; at += sizeof(op)) {
		memcpy(&op, data + at, sizeof(op));
		if (c.in.ring || op.what >> 5 != 1)
			step(&c, &io, op);
	}
	free(out);
	free(in);
	return 0;
}
