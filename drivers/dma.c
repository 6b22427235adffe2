// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See dma.h.
#include <drivers/dma.h>

void *dma_take(struct dma *d, size_t len, size_t align, uint64_t *pa)
{
	size_t skip = -(d->pa + d->used) & (align - 1);

	if (len > dma_left(d) || skip > dma_left(d) - len)
		return NULL;
	d->used += skip + len;
	*pa = d->pa + d->used - len;
	return d->va + d->used - len;
}

uint64_t dma_ram(const struct dma *d, const void *p, size_t len)
{
	uint64_t off = (uint64_t)p - d->ram_va;

	if ((uint64_t)p < d->ram_va || len > d->ram_len || off > d->ram_len - len)
		return 0;
	return d->ram_pa + off;
}
