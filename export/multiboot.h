// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Whether GRUB can start a file: Multiboot2 Specification 2.0, 3.1.1: a header, aligned to 8 bytes,
// within the first 32768 bytes.
#ifndef EXPORT_MULTIBOOT_H
#define EXPORT_MULTIBOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <export/bytes.h>

#define MULTIBOOT_SEARCH 32768
#define MULTIBOOT_MAGIC 0xe85250d6u
#define MULTIBOOT_HEADER 16 // magic, architecture, length, checksum

static inline bool multiboot_has_header(const uint8_t *bytes, size_t len)
{
	if (len > MULTIBOOT_SEARCH)
		len = MULTIBOOT_SEARCH;
	for (size_t at = 0; at + MULTIBOOT_HEADER <= len; at += 8) {
		const uint8_t *p = bytes + at;
		uint32_t length = get32(p + 8);
		uint32_t sum = get32(p) + get32(p + 4) + length + get32(p + 12);

		if (get32(p) == MULTIBOOT_MAGIC && !sum && length >= MULTIBOOT_HEADER &&
		    length <= len - at)
			return true;
	}
	return false;
}

#endif
