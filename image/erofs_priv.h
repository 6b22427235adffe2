// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between the parts of the EROFS writer: layout (where everything goes), directories (their bytes),
// writing.
#ifndef IMAGE_EROFS_PRIV_H
#define IMAGE_EROFS_PRIV_H

#include <pith/erofs.h>
#include <image/tree.h>

#define LAYOUT_GAPS 64

struct layout {
	uint64_t meta_blocks; // data comes behind them
	uint64_t data_blocks;
	uint32_t inodes;
	bool chunks; // a file is in chunks
	struct gap {
		uint64_t off;
		uint32_t len;
	} gap[LAYOUT_GAPS]; // free room in blocks of metadata
	unsigned gaps;
};

// Fills in node->out for everything in the tree; blocks are counted from the first one of the data.
// 0 or a negative errno with *why.
int layout_make(struct layout *l, struct tree *t, struct failure *why);

// Sizes of an inode of this node, in bytes: its own, and what is inline behind it.
uint32_t inode_len(const struct node *n);
uint32_t inode_tail(const struct node *n);

// A directory's data. Its blocks come one by one; the last one has its length.
uint64_t dir_size(const struct node *dir);
struct dir_stream {
	struct dir_item {
		const char *name;
		size_t len;
		const struct node *node;
	} * item; // sorted, with "." and ".."
	struct tree_entry *entries;
	size_t count, next;
};
int dir_start(struct dir_stream *s, const struct node *dir); // 0, and dir_end() is due; or -ENOMEM
size_t dir_block(struct dir_stream *s, uint8_t block[EROFS_BLOCK]); // 0: that was all
void dir_end(struct dir_stream *s);

// A file in chunks: how many chunks have data if they are of `bits` (log2 of bytes).
uint64_t chunks_with_data(const struct node *n, unsigned bits);

#endif
