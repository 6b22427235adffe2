// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A distance d at position p that stays in the image, -p <= d < len - p, becomes the address d + p
// in [0, len). So that both ways know which is which, the distances that would be taken for such
// addresses, len - p <= d < len, make room: they become d - len in [-p, 0). All others stay.
#include <stdbool.h>

#include <monitor/branches.h>

#define DISTANCE_LEN 4
#define EACH_BYTE 0x0101010101010101u /* times a byte */

static int64_t to_address(int64_t d, int64_t p, int64_t len)
{
	if (d < -p || d >= len)
		return d;
	return d < len - p ? d + p : d - len;
}

static int64_t to_distance(int64_t a, int64_t p, int64_t len)
{
	if (a < -p || a >= len)
		return a;
	return a >= 0 ? a - p : a + len;
}

// Intel SDM vol. 2: `call rel32` is e8, `jmp rel32` is e9. In a ModRM byte, mod 0 and r/m 5 say
// that the operand is at a distance.
static bool is_branch(uint8_t byte) { return (byte & 0xfe) == 0xe8; }
static bool is_modrm(uint8_t byte) { return (byte & 0xc7) == 0x05; }
// 80-8f: mov, lea, arithmetic with constants.
static bool has_modrm(uint8_t opcode) { return (opcode & 0xf0) == 0x80; }

// The high bits of those bytes that are 0, up to the lowest such byte.
static uint64_t zeros(uint64_t v) { return (v - EACH_BYTE) & ~v & 0x80 * EACH_BYTE; }

// The next place from p on at which a distance may begin one byte later; eight at a time.
static size_t next_place(const uint8_t *bytes, size_t p, size_t end)
{
	for (uint64_t v, found; p + sizeof(v) <= end; p += sizeof(v)) {
		__builtin_memcpy(&v, bytes + p, sizeof(v));
		found = zeros((v & 0xfe * EACH_BYTE) ^ 0xe8 * EACH_BYTE) |
			zeros((v & 0xc7 * EACH_BYTE) ^ 0x05 * EACH_BYTE);
		if (found)
			return p + (size_t)__builtin_ctzll(found) / 8;
	}
	return p;
}

static inline void convert(uint8_t *bytes, size_t len,
			   int64_t (*to)(int64_t, int64_t, int64_t))
{
	size_t end = len < DISTANCE_LEN ? 0 : len - DISTANCE_LEN;
	size_t first = 0; // byte that is not part of a distance

	for (size_t p = next_place(bytes, 0, end); p < end; p = next_place(bytes, p, end)) {
		int32_t v;

		if (!is_branch(bytes[p]) &&
		    !(is_modrm(bytes[p]) && p > first && has_modrm(bytes[p - 1]))) {
			p++;
			continue;
		}
		__builtin_memcpy(&v, bytes + p + 1, sizeof(v));
		v = (int32_t)to(v, (int64_t)p, (int64_t)len);
		__builtin_memcpy(bytes + p + 1, &v, sizeof(v));
		p = first = p + 1 + DISTANCE_LEN;
	}
}

void branches_to_addresses(uint8_t *bytes, size_t len) { convert(bytes, len, to_address); }

void branches_to_distances(uint8_t *bytes, size_t len) { convert(bytes, len, to_distance); }
