// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Disks from mke2fs to e2fsck, and files with contents that are known from a seed.
#ifndef EXT4_FILES_H
#define EXT4_FILES_H

#include "ext4/env.h"

#define MIB (1ul << 20)

// disk_make() and vol_mount(), which must succeed.
void disk_open(struct disk *d, struct vol *v, size_t len, const char *how);
// Unmounts: e2fsck must find nothing. Frees the disk.
void disk_close(struct disk *d, struct vol *v);
// A new file, open for writing: its node.
uint32_t make_file(struct vol *v, uint32_t dir, const char *name, uint64_t size, unsigned seed);
// Ends the test if the file is not what make_file() made of it.
void check_file(struct vol *v, uint32_t node, uint64_t size, unsigned seed);

#endif
