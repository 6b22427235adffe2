// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What stands at the beginning and at the end of a disk: the code that a BIOS starts, in a
// protective MBR, and the GUID partition table, twice (UEFI 2.10, chapter 5).
#ifndef EXPORT_GPT_H
#define EXPORT_GPT_H

#include <stdint.h>

#define GPT_SECTOR 512
#define GPT_HEAD 34 // sectors taken at the beginning, and GPT_TAIL at the end
#define GPT_TAIL 33

struct gpt_partition {
	uint8_t type[16];
	const char *name;     // ASCII
	uint64_t first, last; // sectors
};

struct gpt {
	uint64_t sectors;    // of the disk
	uint64_t sum[2];     // ids are made of this
	uint8_t boot[440];   // code for the MBR
	struct gpt_partition partition[2];
};

extern const uint8_t gpt_bios_boot[16], gpt_efi_system[16];

// 0 or a negative errno.
int gpt_write(const struct gpt *g, int fd);

// An id that is the same for the same sum; `which` tells several of them apart. A UUID of version
// 8 (RFC 9562), its bytes in the order of a GUID on disk.
void gpt_id(const uint64_t sum[2], unsigned which, uint8_t id[16]);

#endif
