// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Fuzzes the host's side of the network rings: the input is what a hostile guest has written into
// both, indices and all, and goes on being written while the host works. Whatever it is, only bytes
// of the rings may be touched.
#include <stdlib.h>
#include <string.h>

#include <pith/pump.h>

#define RING_SIZE 4096

static const uint8_t *input;
static size_t left;
static struct ring *shared[2];

static uint32_t next_word(void)
{
	uint32_t v = 0;
	size_t n = left < sizeof(v) ? left : sizeof(v);

	memcpy(&v, input, n);
	input += n;
	left -= n;
	return v;
}

// The guest writes somewhere while the host is in a call.
static void guest_acts(void)
{
	uint32_t what = next_word(), value = next_word();
	struct ring *r = shared[what & 1];

	if (what & 2)
		r->head = value;
	else if (what & 4)
		r->tail = value;
	else
		memcpy(r->data + (what >> 3) % (RING_SIZE - 4), &value, 4);
}

static long tap_write(int fd, const void *buf, unsigned long n)
{
	uint8_t sum = 0;

	for (unsigned long i = 0; i < n; i++)
		sum ^= ((const uint8_t *)buf)[i];
	guest_acts();
	return sum == 1 ? -11 : (long)n;
}

static long tap_read(int fd, void *buf, unsigned long n)
{
	unsigned long want = next_word() % (n + 1);

	if (!left)
		return -11;
	memset(buf, 0x55, want);
	guest_acts();
	return (long)want;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct pump_io io = { .read = tap_read, .write = tap_write };
	struct pump p = { .fd = 0, .frame_max = 1526 };

	input = bytes;
	left = len;
	for (int i = 0; i < 2; i++) {
		shared[i] = calloc(1, ring_bytes(RING_SIZE));
		shared[i]->head = next_word();
		shared[i]->tail = next_word();
	}
	for (size_t n = left / 2 < RING_SIZE ? left / 2 : RING_SIZE; n; n = 0) {
		memcpy(shared[0]->data, input, n);
		input += n;
		left -= n;
	}
	p.tx = (struct ring_end){ .ring = shared[0], .size = RING_SIZE };
	p.rx = (struct ring_end){ .ring = shared[1], .size = RING_SIZE };
	while (left) {
		pump_send(&p, &io);
		pump_receive(&p, &io);
		guest_acts();
	}
	for (int i = 0; i < 2; i++)
		free(shared[i]);
	return 0;
}
