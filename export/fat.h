// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A FAT file system with what UEFI and GRUB want to find in it: /EFI/BOOT/BOOTX64.EFI and up to two
// files at the top. FAT12, FAT16 or FAT32 by its number of clusters, as everyone who reads it
// counts them. The same contents give the same bytes.
#ifndef EXPORT_FAT_H
#define EXPORT_FAT_H

#include <stdint.h>

#define FAT_SECTOR 512
#define FAT_FILE_MAX 0xffffffffull // the directory has 32 bits for a length

// Bytes in memory, or, with bytes NULL, the first len of a file.
struct content {
	const void *bytes;
	int fd;
	uint64_t len;
};

enum fat_file {
	FAT_LOADER, // /EFI/BOOT/BOOTX64.EFI
	FAT_CONFIG, // /grub.cfg
	FAT_IMAGE,  // /pith.img
	FAT_FILES,
};

struct fat {
	uint32_t serial;                 // of the volume
	uint32_t hidden;                 // sectors of the disk in front of it
	struct content file[FAT_FILES];  // len 0: not there
	// What fat_plan() makes of that.
	unsigned bits;                   // 12, 16, 32
	uint32_t sectors, reserved, fat_sectors, root_sectors, clusters;
};

// How it is laid out: f->sectors says how many it takes. With more than that, as many of them as
// make whole clusters. 0 or -EFBIG.
int fat_plan(struct fat *f, uint64_t sectors);

// Writes it at a place of a file that has zeros there: 0 or a negative errno.
int fat_write(const struct fat *f, int fd, uint64_t at);

// Copies contents to a place of a file.
int content_write(const struct content *c, int fd, uint64_t at);

#endif
