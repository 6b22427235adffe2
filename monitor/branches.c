// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// `call rel32` is e8, `jmp rel32` is e9 (Intel SDM vol. 2). A distance d at position p that stays
// in the image, -p <= d < len - p, becomes the address d + p in [0, len). So that both ways know
// which is which, the distances that would be taken for such addresses, len - p <= d < len, make
// room: they become d - len in [-p, 0). All others stay.
#include <monitor/branches.h>

#define CALL 0xe8
#define BRANCH_LEN 5

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

static void convert(uint8_t *bytes, size_t len, int64_t (*to)(int64_t, int64_t, int64_t))
{
	size_t p = 0;

	while (p + BRANCH_LEN <= len) {
		int32_t v;

		if ((bytes[p] & ~1) != CALL) {
			p++;
			continue;
		}
		__builtin_memcpy(&v, bytes + p + 1, sizeof(v));
		v = (int32_t)to(v, (int64_t)p, (int64_t)len);
		__builtin_memcpy(bytes + p + 1, &v, sizeof(v));
		p += BRANCH_LEN;
	}
}

void branches_to_addresses(uint8_t *bytes, size_t len) { convert(bytes, len, to_address); }

void branches_to_distances(uint8_t *bytes, size_t len) { convert(bytes, len, to_distance); }
