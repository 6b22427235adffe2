// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes that are a disk: a file of the host with ext2, ext3 or ext4 in it, which the host serves
// as a single file and does not look into. The file system is the library OS's own (fs/ext4), over
// reads and writes of that file. Requests for such volumes end here; nodes of them are numbers with
// VOLDISK_NODE set. (On pc the platform has disks of its own: platform/pc/volume_disk.c.)
#ifndef FS_VOLDISK_H
#define FS_VOLDISK_H

#include <stdbool.h>

#include <pith/boot.h>
#include <pith/volume.h>

#define VOLDISK_NODE 0x80000000u

// Not in every image (IMAGE_F_DISKS).
#pragma weak voldisk_mount
#pragma weak voldisk_answer
#pragma weak voldisk_end

// Mounts the file system on volume i, whose path is for messages. 0 or a negative errno, after a
// line on the console. It may turn out to be read-only: then *readonly is set.
int voldisk_mount(const struct boot_block *boot, unsigned i, const char *path, bool *readonly);
// The number of volume i's root.
static inline uint32_t voldisk_root(unsigned i)
{
	return VOLDISK_NODE | (i + 1);
}

// Answers the request if it is for a disk; false: it is not. Takes the nodes of disks out of what is
// to be forgotten in any case.
bool voldisk_answer(struct volume_request *rq);

// Everything goes to the disks, and they are clean.
void voldisk_end(void);

#endif
