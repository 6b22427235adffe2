// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The pages of a file in memory: a radix tree of frames, 64 to a node, as high as the file needs. A
// file of one page needs no node.
#ifndef FS_PAGES_H
#define FS_PAGES_H

#include <stdbool.h>
#include <stdint.h>

struct page_tree {
	uint64_t top;    // height 0: the frame of page 0; else a node
	unsigned height;
};
#define PAGES_MAX (1ull << 30) /* 4 TiB */

// Where the frame of a page is kept (0: none yet), or NULL if it has no place. With alloc one is
// made: NULL then means no memory.
uint64_t *pages_slot(struct page_tree *t, uint64_t index, bool alloc);
// Frees the frames of pages [from, to).
void pages_free(struct page_tree *t, uint64_t from, uint64_t to);

#endif
