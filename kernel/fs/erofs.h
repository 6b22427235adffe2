// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// EROFS, read in place from memory: inodes, directories and where data is. Nothing here allocates;
// nothing in the image is believed: every offset is checked against the image, and what cannot be
// is -EUCLEAN.
#ifndef FS_EROFS_H
#define FS_EROFS_H

#include <stddef.h>
#include <stdint.h>

#include <pith/erofs.h>

struct erofs {
	const uint8_t *base;
	uint64_t len;
	uint64_t meta;      // byte offset of inode 0
	uint64_t root;      // nid
	int64_t build_ns;   // mtime of inodes without one
	uint64_t inodes;
};

struct erofs_inode {
	uint64_t nid, size;
	// Offset of what follows the inode and its xattrs: inline data or chunk table.
	uint64_t tail;
	int64_t mtime_ns;
	uint32_t mode, nlink, uid, gid;
	uint32_t addr;      // block of the data; device number; chunk format
	uint32_t layout;
};

struct erofs_entry {
	const char *name;   // in the image, not terminated
	size_t len;
	uint64_t nid;
	unsigned type;      // EROFS_FT_*, same values as Linux's FT_*
};

int erofs_mount(struct erofs *fs, const void *base, size_t len);
int erofs_inode_get(const struct erofs *fs, uint64_t nid, struct erofs_inode *ino);
// The longest contiguous run of data at off (which must be below the size): *p NULL for a hole.
int erofs_map(const struct erofs *fs, const struct erofs_inode *ino, uint64_t off,
	      const uint8_t **p, size_t *n);
int erofs_lookup(const struct erofs *fs, const struct erofs_inode *dir, const char *name,
		 size_t len, uint64_t *nid);
// The entry at *pos (0 at first), moving it on. Gives 1, 0 at the end, or a negative errno. "." and
// ".." come as well.
int erofs_next(const struct erofs *fs, const struct erofs_inode *dir, uint64_t *pos,
	       struct erofs_entry *e);
unsigned erofs_dtype(unsigned type); // DT_* of an EROFS_FT_*

#endif
