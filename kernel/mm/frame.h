// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Page frames from inside: what kmalloc shares with the frame allocator. Others use mm.h.
#ifndef MM_FRAME_H
#define MM_FRAME_H

#include <mm/mm.h>

enum page_kind { PAGE_VIRGIN, PAGE_FREE, PAGE_FREE_TAIL, PAGE_USED, PAGE_SLAB, PAGE_LARGE };

// One per page of RAM. An all-zero struct is a page that was never given out, so the array needs no
// initialisation where its own memory reads as zeros, and is only taken from the host where it is
// used. (BOOT_RAM_DIRTY: the part above the mark is anything.)
struct page {
	uint32_t refs;	// USED: references. SLAB: offset of the first free object + 1, or 0. LARGE:
			// pages of the run
	uint8_t kind;   // enum page_kind
	uint8_t order;  // FREE: of the block. SLAB: size class
	uint16_t inuse; // SLAB: objects given out. FREE: 1 if the whole block reads as zeros
	uint32_t next;  // FREE, SLAB: page numbers in the list of the order or class; 0 ends it
	uint32_t prev;
};
_Static_assert(sizeof(struct page) == 16, "0.4 % of RAM");

struct page *frame_page(paddr_t pa);
uint32_t frame_number(const struct page *pg);
struct page *frame_at(uint32_t number);
paddr_t frame_pa(const struct page *pg);

void page_list_push(uint32_t *head, struct page *pg);
void page_list_take(uint32_t *head, struct page *pg);

#endif
