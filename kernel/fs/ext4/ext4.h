// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// ext2, ext3 and ext4 on a disk, as a volume. What it knows of the format, and what it refuses, is
// in super.c.
//
// One request at a time, on the caller's stack; each returns when it is done. Memory comes from
// kmalloc; it is bounded by the size that the cache is given (cache.c).
//
// What fsync, syncfs, O_SYNC and O_DSYNC have acknowledged is on the disk. Everything else is there
// EXT4_COMMIT_NS after it was written at the latest, if somebody calls ext4_tick() then. With a
// journal a crash at any moment leaves a file system that the next mount, here or by Linux, finds
// whole. Without one (ext2) it needs e2fsck first, and is refused for writing until then.
#ifndef FS_EXT4_EXT4_H
#define FS_EXT4_EXT4_H

#include <stdbool.h>
#include <stdint.h>

#include <drivers/blockdev.h>
#include <drivers/volumes.h>

#define EXT4_COMMIT_NS 5000000000ull /* as Linux: commit=5 */

struct ext4_options {
	const char *name;     // for messages; kept
	bool readonly;
	uint32_t uid, gid;    // whom new files belong to
	uint32_t dev;         // st_dev
	uint64_t cache_bytes;
};

struct ext4;
// Mounts the file system on the disk, after replaying its journal. 0 or a negative errno; then a
// line on the console says why. A file system that can only be read is mounted so, with such a
// line; ext4_readonly() tells.
int ext4_mount(struct blockdev *dev, const struct ext4_options *o, struct ext4 **out);
struct volume_server *ext4_server(struct ext4 *fs);
bool ext4_readonly(const struct ext4 *fs);
// When ext4_tick() should be called, monotonic ns; UINT64_MAX: nothing waits to be written.
uint64_t ext4_tick_time(const struct ext4 *fs);
void ext4_tick(struct ext4 *fs);
// Everything goes to the disk, and the file system is clean. The struct is gone.
int ext4_unmount(struct ext4 *fs);

#endif
