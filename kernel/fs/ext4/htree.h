// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The index of a directory: Documentation/filesystems/ext4/directory.rst, "Hash Tree Directories".
// The root is in the directory's first block, behind "." and ".."; below it are leaves (blocks with
// entries), or nodes and then leaves. An entry is the lowest hash of what is below it, and a block
// of the directory; bit 0 of the hash says that names with this hash are in the leaf before too.
#ifndef EXT4_HTREE_H
#define EXT4_HTREE_H

#include <fs/ext4/priv.h>

#define HTREE_LEVELS 2 // more is the feature large_dir
#define HTREE_ROOT_AT 32u
#define HTREE_NODE_AT 8u

struct htree_info { // at byte 24 of the root
	uint32_t zero;
	uint8_t hash_version, info_length, levels, flags;
};

struct htree_entry {
	uint32_t hash, block; // of the first, hash is limit and count
};

struct htree_level {
	struct buf *buf;
	struct htree_entry *e;
	uint32_t count, limit;
	uint32_t at;
};

struct htree {
	struct htree_level level[HTREE_LEVELS];
	struct htree_info *info;
	uint32_t levels;      // of nodes, with the root: 1 or 2
	uint32_t hash;        // of the name
};

uint32_t htree_limit(const struct ext4 *fs, bool root);
void htree_set_count(struct htree_level *l, uint32_t count);
// The way to a name's leaf. -EOPNOTSUPP: there is no index that can be used.
int htree_walk(struct ext4 *fs, struct inode *dir, const char *name, size_t len, struct htree *t);
uint32_t htree_leaf(const struct htree *t); // the leaf that the way leads to
bool name_hash(const struct ext4 *fs, unsigned version, const char *name, size_t len,
	       uint32_t *hash);

#endif
