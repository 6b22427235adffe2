// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Memory that devices read and write: an area that is given out from its start and never taken
// back, and the library OS's RAM, which lies in one piece, so that what is in it can be handed to a
// device where it is.
#ifndef DRIVERS_DMA_H
#define DRIVERS_DMA_H

#include <stddef.h>
#include <stdint.h>

struct dma {
	// The area (pc_info.dma_*): zeros at first.
	uint8_t *va;
	uint64_t pa;
	size_t len, used;
	// The library OS's RAM (boot_block.ram_*).
	uint64_t ram_va, ram_pa, ram_len;
};

// len bytes that nobody has had, at an address that is a multiple of align (a power of two, at most
// a page), both as the guest sees it and in *pa. NULL: there is not so much left, and nothing was
// taken.
void *dma_take(struct dma *d, size_t len, size_t align, uint64_t *pa);

// What dma_take() can still give in one piece.
static inline size_t dma_left(const struct dma *d)
{
	return d->len - d->used;
}

// The address for devices of len bytes of RAM, or 0: they are not (all) in RAM.
uint64_t dma_ram(const struct dma *d, const void *p, size_t len);

#endif
