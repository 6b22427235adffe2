// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Hashes of names in the index of a directory: Documentation/filesystems/ext4/directory.rst, "Hash
// Tree Directories", names them: legacy, half MD4 (RFC 1320: three rounds of eight steps), TEA
// (Wheeler and Needham's Tiny Encryption Algorithm, 16 rounds). Names are taken as signed or
// unsigned characters, as the machine did that made the file system.
#include <fs/ext4/priv.h>

#define HASH_END 0xfffffffeu // means the end of a directory to who reads it

static uint32_t legacy(const char *name, size_t len, bool is_unsigned)
{
	uint32_t hash, h0 = 0x12a3fe2d, h1 = 0x37abe8f9;

	for (size_t i = 0; i < len; i++) {
		int c = is_unsigned ? (int)(uint8_t)name[i] : (int)(int8_t)name[i];

		hash = h1 + (h0 ^ (uint32_t)(c * 7152373));
		if (hash & 0x80000000u)
			hash -= 0x7fffffff;
		h1 = h0;
		h0 = hash;
	}
	return h0 << 1;
}

// `words` words of the name from here on, filled up with its length.
static void words_of(const char *name, size_t len, bool is_unsigned, uint32_t *to, size_t words)
{
	uint32_t pad = (uint32_t)len | (uint32_t)len << 8, value;
	size_t n = MIN(len, words * 4);

	pad |= pad << 16;
	value = pad;
	for (size_t i = 0; i < n; i++) {
		int c = is_unsigned ? (int)(uint8_t)name[i] : (int)(int8_t)name[i];

		value = (uint32_t)c + (value << 8);
		if (i % 4 == 3) {
			*to++ = value;
			value = pad;
			words--;
		}
	}
	for (bool first = true; words; words--, first = false)
		*to++ = first ? value : pad;
}

static void tea(uint32_t h[4], const uint32_t in[4])
{
	uint32_t sum = 0, a = h[0], b = h[1];

	for (int i = 0; i < 16; i++) {
		sum += 0x9e3779b9;
		a += ((b << 4) + in[0]) ^ (b + sum) ^ ((b >> 5) + in[1]);
		b += ((a << 4) + in[2]) ^ (a + sum) ^ ((a >> 5) + in[3]);
	}
	h[0] += a;
	h[1] += b;
}

static uint32_t rotate(uint32_t x, unsigned by)
{
	return x << by | x >> (32 - by);
}

static void half_md4(uint32_t h[4], const uint32_t in[8])
{
	static const uint8_t order[3][8] = { { 0, 1, 2, 3, 4, 5, 6, 7 },
					     { 1, 3, 5, 7, 0, 2, 4, 6 },
					     { 3, 7, 2, 6, 1, 5, 0, 4 } };
	static const uint8_t by[3][4] = { { 3, 7, 11, 19 }, { 3, 5, 9, 13 }, { 3, 9, 11, 15 } };
	static const uint32_t add[3] = { 0, 0x5a827999, 0x6ed9eba1 };
	uint32_t v[4] = { h[0], h[1], h[2], h[3] };

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 8; i++) {
			uint32_t *a = &v[-i & 3], b = v[(1 - i) & 3], c = v[(2 - i) & 3];
			uint32_t d = v[(3 - i) & 3];
			uint32_t f = round == 0 ? d ^ (b & (c ^ d)) :
				     round == 1 ? (b & c) + ((b ^ c) & d) : b ^ c ^ d;

			*a = rotate(*a + f + in[order[round][i]] + add[round], by[round][i & 3]);
		}
	}
	for (int i = 0; i < 4; i++)
		h[i] += v[i];
}

// version: 0 legacy, 1 half MD4, 2 TEA. False: it is not known.
bool name_hash(const struct ext4 *fs, unsigned version, const char *name, size_t len,
	       uint32_t *hash)
{
	uint32_t h[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 }, in[8]; // RFC 1320, 3.3
	bool seeded = fs->hash_seed[0] | fs->hash_seed[1] | fs->hash_seed[2] | fs->hash_seed[3];
	size_t words = version == 1 ? 8 : 4, left = len;

	if (version > 2)
		return false;
	if (seeded)
		memcpy(h, fs->hash_seed, sizeof(h));
	for (const char *p = name; version && (p == name || left); p += words * 4) {
		words_of(p, left, fs->hash_unsigned, in, words);
		if (version == 1)
			half_md4(h, in);
		else
			tea(h, in);
		left -= MIN(left, words * 4);
		if (!left)
			break;
	}
	*hash = version == 0 ? legacy(name, len, fs->hash_unsigned) : version == 1 ? h[1] : h[0];
	*hash &= ~1u;
	if (*hash == HASH_END)
		*hash -= 2;
	return true;
}
