// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Checksums of the format: CRC-32C (Castagnoli, reflected polynomial 0x82f63b78; RFC 3720, appendix
// B.4) without the final inversion, and CRC-16 (reflected polynomial 0xa001) for old group
// descriptors.
#include <fs/ext4/priv.h>

static uint32_t table[256];
static int hardware = -1; // SSE4.2's crc32, which works on general registers

static void prepare(void)
{
	uint32_t a = 1, b, c = 0, d;

	__asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	hardware = c >> 20 & 1; // Intel SDM vol. 2, CPUID: SSE4.2
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t v = i;

		for (int k = 0; k < 8; k++)
			v = v >> 1 ^ (v & 1 ? 0x82f63b78u : 0);
		table[i] = v;
	}
}

uint32_t crc32c(uint32_t crc, const void *p, size_t n)
{
	const uint8_t *s = p;
	uint64_t wide, word;

	if (hardware < 0)
		prepare();
	if (hardware) {
		for (wide = crc; n >= 8; n -= 8, s += 8) {
			memcpy(&word, s, 8);
			__asm__("crc32q %1, %0" : "+r"(wide) : "r"(word));
		}
		crc = (uint32_t)wide;
	}
	for (; n; n--)
		crc = crc >> 8 ^ table[(crc ^ *s++) & 0xff];
	return crc;
}

uint16_t crc16(uint16_t crc, const void *p, size_t n)
{
	for (const uint8_t *s = p; n; n--, s++) {
		crc ^= *s;
		for (int k = 0; k < 8; k++)
			crc = (uint16_t)(crc >> 1 ^ (crc & 1 ? 0xa001 : 0));
	}
	return crc;
}
