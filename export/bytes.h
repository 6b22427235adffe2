// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Little-endian numbers at any place of a buffer, and the two checksums that disks have.
#ifndef EXPORT_BYTES_H
#define EXPORT_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void put16(void *p, uint16_t v)
{
	memcpy(p, &v, sizeof(v)); // hosts are x86-64
}
static inline void put32(void *p, uint32_t v)
{
	memcpy(p, &v, sizeof(v));
}
static inline void put64(void *p, uint64_t v)
{
	memcpy(p, &v, sizeof(v));
}
static inline uint16_t get16(const void *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}
static inline uint32_t get32(const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}
static inline uint64_t get64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

#define CRC32 0xedb88320u  // GPT (UEFI 2.10, 5.3.2), reflected
#define CRC32C 0x82f63b78u // VHDX ([MS-VHDX] 2.2.2), reflected

static inline uint32_t crc(uint32_t polynomial, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint32_t c = ~0u;

	while (len--) {
		c ^= *p++;
		for (unsigned i = 0; i < 8; i++)
			c = c >> 1 ^ (c & 1 ? polynomial : 0);
	}
	return ~c;
}

#endif
