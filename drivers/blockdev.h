// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A disk, as file systems see it: sectors of 512 bytes, read and written one call at a time.
// Whoever makes one (drivers/virtio/blk.c) has it inside a struct of its own.
//
// All functions return when the device has answered. They give 0 or a negative errno: -EINVAL for a
// length that is not whole sectors or a range that is not inside the device, -EROFS for a write to
// a device that is readonly, -EIO for everything that the device refused or that it lied about;
// what buf holds after a failed read is undefined.
#ifndef DRIVERS_BLOCKDEV_H
#define DRIVERS_BLOCKDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECTOR_SIZE 512u

struct blockdev {
	uint64_t sectors;
	bool readonly;
	int (*read)(struct blockdev *d, uint64_t sector, void *buf, size_t len);
	// What was written is in the device's cache, in any order, until flush() has returned.
	int (*write)(struct blockdev *d, uint64_t sector, const void *buf, size_t len);
	int (*flush)(struct blockdev *d);
};

#endif
