// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A single-producer, single-consumer ring of records in memory that guest and host share.
//
// Only the two free-running indices and the records are shared; each side keeps a private struct
// ring_end with the size (never read from shared memory) and its own index. Whatever the other side
// wrote is copied and checked in one place: ring_next() for the consumer, ring_space() for the
// producer. A peer that lies gets -EPROTO and nothing out of bounds is ever touched.
//
// A record is struct ring_rec and `len` bytes, contiguous, padded to 8. Where a record does not fit
// before the end of the data, the producer writes a record with len RING_WRAP and goes on at the
// start.
#ifndef PITH_RING_H
#define PITH_RING_H

#include <stddef.h>
#include <stdint.h>

#define RING_WRAP 0xffffffffu
#define RING_EPROTO (-71) /* -EPROTO, without a libc's errno.h */
#define RING_ENOSPC (-28)

struct ring {
	_Alignas(64) uint32_t head; // bytes ever produced; written by the producer only
	_Alignas(64) uint32_t tail; // bytes ever consumed; written by the consumer only
	_Alignas(64) uint8_t data[];
};
_Static_assert(offsetof(struct ring, data) == 128, "ring is shared");

struct ring_rec {
	uint32_t len; // of the payload, or RING_WRAP
	uint32_t tag; // meaning belongs to the ring's user
};

struct ring_end {
	struct ring *ring;
	uint32_t size;  // of data, a power of two, >= 4096
	uint32_t mine;  // the index that this side writes
};

// Bytes of memory that a ring with `size` bytes of data takes.
static inline size_t ring_bytes(uint32_t size)
{
	return offsetof(struct ring, data) + size;
}

// The longest payload. A record of this length fits into an empty ring wherever its indices stand:
// what is left before the end of the data may have to be skipped, and is always less than the
// record.
static inline uint32_t ring_max(uint32_t size)
{
	return size / 2 - (uint32_t)sizeof(struct ring_rec);
}

static inline uint32_t ring_padded(uint32_t len)
{
	return (uint32_t)sizeof(struct ring_rec) + ((len + 7) & ~7u);
}

// Producer: finds room for a record of up to `len` bytes. Gives a pointer to the payload, or NULL
// with *err RING_ENOSPC (full now) or RING_EPROTO (the consumer's index is impossible). Nothing is
// visible to the consumer until ring_push().
static inline uint8_t *ring_space(struct ring_end *e, uint32_t len, int *err)
{
	uint32_t used = e->mine - __atomic_load_n(&e->ring->tail, __ATOMIC_ACQUIRE);
	uint32_t at = e->mine & (e->size - 1);
	uint32_t need, skip = 0;

	*err = RING_EPROTO;
	if (used > e->size || (used & 7))
		return NULL;
	*err = RING_ENOSPC;
	if (len > ring_max(e->size))
		return NULL;
	need = ring_padded(len);
	if (e->size - at < need)
		skip = e->size - at;
	if (e->size - used < skip + need)
		return NULL;
	if (skip) {
		((struct ring_rec *)(e->ring->data + at))->len = RING_WRAP;
		e->mine += skip;
		at = 0;
	}
	*err = 0;
	return e->ring->data + at + sizeof(struct ring_rec);
}

// Producer: makes the record visible whose payload of `len` bytes was written where ring_space()
// said; len <= what was asked for.
static inline void ring_push(struct ring_end *e, uint32_t len, uint32_t tag)
{
	struct ring_rec *rec = (struct ring_rec *)(e->ring->data + (e->mine & (e->size - 1)));

	rec->len = len;
	rec->tag = tag;
	e->mine += ring_padded(len);
	__atomic_store_n(&e->ring->head, e->mine, __ATOMIC_RELEASE);
}

// Consumer: the next record. Gives 1 with *rec a checked copy of its header and *payload in the
// ring, 0 if there is none, or RING_EPROTO. The payload stays shared: copy what you check.
// ring_pop() ends its use.
static inline int ring_next(struct ring_end *e, struct ring_rec *rec, uint8_t **payload)
{
	for (;;) {
		uint32_t avail = __atomic_load_n(&e->ring->head, __ATOMIC_ACQUIRE) - e->mine;
		uint32_t at = e->mine & (e->size - 1);
		volatile struct ring_rec *shared = (volatile struct ring_rec *)(e->ring->data + at);

		if (!avail)
			return 0;
		if (avail > e->size || (avail & 7))
			return RING_EPROTO;
		rec->len = shared->len;
		rec->tag = shared->tag;
		if (rec->len == RING_WRAP) {
			if (e->size - at >= avail)
				return RING_EPROTO;
			e->mine += e->size - at;
			continue;
		}
		if (rec->len > ring_max(e->size) || ring_padded(rec->len) > avail ||
		    ring_padded(rec->len) > e->size - at)
			return RING_EPROTO;
		*payload = e->ring->data + at + sizeof(struct ring_rec);
		return 1;
	}
}

// Consumer: gives the room of the record that ring_next() gave back to the producer.
static inline void ring_pop(struct ring_end *e, const struct ring_rec *rec)
{
	e->mine += ring_padded(rec->len);
	__atomic_store_n(&e->ring->tail, e->mine, __ATOMIC_RELEASE);
}

// Consumer: is there anything, without a check of it? For deciding whether to sleep.
static inline int ring_ready(const struct ring_end *e)
{
	return __atomic_load_n(&e->ring->head, __ATOMIC_ACQUIRE) != e->mine;
}

#endif
