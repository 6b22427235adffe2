// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// madvise(MADV_REMOVE): a hole in the file behind a shared mapping. It comes with fallocate, which
// makes them too; an image without that has no holes.
#include <asm-generic/errno.h>
#include <fs/vnode.h>
#include <mm/space.h>

int mm_punch(struct mm *mm, uintptr_t start, uintptr_t end)
{
	while (start < end) {
		const struct region *r = region_at(mm, start);
		uintptr_t stop;
		struct vnode *v;
		int err;

		if (!r || r->start > start)
			return -ENOMEM;
		v = r->vnode;
		if (!v || (r->flags & REGION_LOCKED))
			return -EINVAL;
		if (!(r->flags & REGION_SHARED) || (r->flags & REGION_READONLY))
			return -EACCES;
		if (!v->ops->punch)
			return -EOPNOTSUPP;
		stop = MIN(end, r->end);
		vnode_get(v); // punching may sleep, and the region may go
		err = v->ops->punch(v, r->off + (start - r->start), stop - start);
		vnode_put(v);
		if (err)
			return err;
		start = stop;
	}
	return 0;
}
