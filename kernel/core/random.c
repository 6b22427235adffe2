// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Random bytes: ChaCha20 (RFC 8439) keyed by the boot block's seed. After every request the first
// block's beginning becomes the next key, so that what was given out cannot be computed from what
// is in memory now. What is added later changes the key of which a new one is made at once: whoever
// knows either of the two does not know the result.
#include <core/random.h>

static struct {
	uint32_t state[16];
} rng;

static uint32_t rotl(uint32_t x, int n)
{
	return x << n | x >> (32 - n);
}

static void quarter(uint32_t *x, int a, int b, int c, int d)
{
	x[a] += x[b];
	x[d] = rotl(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rotl(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rotl(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rotl(x[b] ^ x[c], 7);
}

void chacha20_block(const uint32_t in[16], uint32_t out[16])
{
	memcpy(out, in, 64);
	for (int i = 0; i < 10; i++) {
		for (int c = 0; c < 4; c++)
			quarter(out, c, 4 + c, 8 + c, 12 + c);
		for (int c = 0; c < 4; c++)
			quarter(out, c, 4 + (c + 1) % 4, 8 + (c + 2) % 4, 12 + (c + 3) % 4);
	}
	for (int i = 0; i < 16; i++)
		out[i] += in[i];
}

void random_seed(const uint8_t seed[64])
{
	// "expand 32-byte k"
	static const uint32_t sigma[4] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };

	memcpy(rng.state, sigma, 16);
	memcpy(rng.state + 4, seed, 48);
	for (int i = 0; i < 4; i++) { // the last 16 bytes of the seed are not lost either
		uint32_t w;

		memcpy(&w, seed + 48 + 4 * i, 4);
		rng.state[4 + i] ^= w;
	}
}

static void next_block(uint32_t block[16])
{
	chacha20_block(rng.state, block);
	if (!++rng.state[12])
		rng.state[13]++;
}

static void next_key(uint32_t block[16])
{
	next_block(block);
	memcpy(rng.state + 4, block, 32);
}

// Leaves nothing of a block that was on the stack.
static void wipe(uint32_t block[16])
{
	memset(block, 0, 64);
	__asm__ volatile("" : : "r"(block) : "memory");
}

void random_add(const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	uint32_t block[16];

	while (n) {
		uint32_t words[8] = { 0 };
		size_t piece = MIN(n, sizeof(words));

		memcpy(words, p, piece);
		for (int i = 0; i < 8; i++)
			rng.state[4 + i] ^= words[i];
		next_key(block);
		p += piece;
		n -= piece;
	}
	wipe(block);
}

void random_bytes(void *buf, size_t n)
{
	uint32_t block[16];
	uint8_t *p = buf;

	next_key(block);
	while (n) {
		size_t piece = MIN(n, sizeof(block));

		next_block(block);
		memcpy(p, block, piece);
		p += piece;
		n -= piece;
	}
	wipe(block);
}

uint64_t random_u64(void)
{
	uint64_t v;

	random_bytes(&v, sizeof(v));
	return v;
}
