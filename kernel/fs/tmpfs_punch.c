// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Holes in files in memory.
#include <fs/tmpfs.h>
#include <mm/mm.h>

static bool page_present(struct tnode *t, uint64_t off)
{
	uint64_t *slot = pages_slot(&t->file.pages, off / PAGE_SIZE, false);

	return slot && *slot;
}

// Zeros in one page.
static int punch_part(struct tnode *t, uint64_t off, uint64_t len)
{
	paddr_t pa;
	int r;

	if (!page_present(t, off) && off >= t->file.lower_len)
		return 0;
	r = tmpfs_page_make(t, off, len == PAGE_SIZE, &pa);
	if (!r)
		memset((char *)page_va(pa) + off % PAGE_SIZE, 0, len);
	return r;
}

int tmpfs_punch(struct vnode *v, uint64_t off, uint64_t len)
{
	struct tnode *t = to_tnode(v);
	uint64_t end = MIN(off + len, t->size);
	int r = 0;

	while (off < end && !r) {
		uint64_t n = MIN(PAGE_SIZE - off % PAGE_SIZE, end - off);

		if (n == PAGE_SIZE && off >= t->file.lower_len)
			pages_free(&t->file.pages, off / PAGE_SIZE, off / PAGE_SIZE + 1);
		else
			r = punch_part(t, off, n);
		off += n;
	}
	if (t->mapped)
		mm_vnode_truncated(v, 0);
	tmpfs_changed(t, true);
	return r;
}
