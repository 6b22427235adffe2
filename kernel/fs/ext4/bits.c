// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Bitmaps: bit n is bit n % 8 of byte n / 8.
#include <fs/ext4/priv.h>

bool bit_test(const uint8_t *map, uint32_t n)
{
	return map[n / 8] >> n % 8 & 1;
}

void bits_set(uint8_t *map, uint32_t from, uint32_t count, bool on)
{
	for (uint32_t end = from + count; from < end;) {
		if (from % 8 == 0 && end - from >= 8) {
			map[from / 8] = on ? 0xff : 0;
			from += 8;
			continue;
		}
		if (on)
			map[from / 8] |= (uint8_t)(1 << from % 8);
		else
			map[from / 8] &= (uint8_t)~(1 << from % 8);
		from++;
	}
}

uint32_t bits_next(const uint8_t *map, uint32_t from, uint32_t end, bool on)
{
	uint8_t skip = on ? 0 : 0xff;

	while (from < end && bit_test(map, from) != on) {
		if (from % 8 == 0 && map[from / 8] == skip)
			from += 8;
		else
			from++;
	}
	return MIN(from, end);
}

uint32_t bits_run(const uint8_t *map, uint32_t from, uint32_t end, bool on)
{
	return bits_next(map, from, end, !on) - from;
}
