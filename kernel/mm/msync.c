// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// msync of shared mappings. They show the file's own pages, so only files that are kept somewhere
// else as well have something to do (vnode_ops.sync).
#include <asm-generic/errno-base.h>
#include <fs/vnode.h>
#include <mm/space.h>

// The file may sleep, and another thread unmap meanwhile: the region is looked up anew each time.
int mm_sync(struct mm *mm, uintptr_t addr, size_t len)
{
	int holes = 0, err = 0;
	uintptr_t end;

	if (!range_end(addr, len, &end))
		return -ENOMEM;
	while (addr < end && !err) {
		const struct region *r = region_at(mm, addr);
		uintptr_t start, stop;
		struct vnode *v;
		uint64_t off;

		if (!r || r->start >= end)
			return -ENOMEM;
		start = MAX(addr, r->start);
		stop = MIN(end, r->end);
		off = r->off + (start - r->start);
		v = r->flags & REGION_SHARED ? r->vnode : NULL;
		if (start > addr)
			holes = -ENOMEM;
		addr = stop;
		if (!v || !v->ops->sync)
			continue;
		vnode_get(v);
		err = v->ops->sync(v, off, off + (stop - start));
		vnode_put(v);
	}
	return err ? err : holes;
}
