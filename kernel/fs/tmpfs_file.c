// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Regular files in memory. A page is in the tree, or shows what the inode behind has there (below
// lower_len), or is a hole.
#include <fs/tmpfs.h>
#include <fs/abi.h>
#include <mm/mm.h>

#pragma weak tmpfs_punch

#define SIZE_LIMIT (PAGES_MAX << PAGE_SHIFT)

static paddr_t page_find(struct tnode *t, uint64_t off)
{
	uint64_t *slot = pages_slot(&t->file.pages, off / PAGE_SIZE, false);

	return slot ? *slot : 0;
}

// The page in the tree, made with what shows there now. `whole`: the caller will write all of it.
// Gives 0 or a negative errno.
int tmpfs_page_make(struct tnode *t, uint64_t off, bool whole, paddr_t *pa)
{
	uint64_t *slot, end;
	struct iov_iter it;
	struct iov one;

	off = ALIGN_DOWN(off, PAGE_SIZE);
	*pa = page_find(t, off);
	if (*pa)
		return 0;
	slot = tmpfs_full() ? NULL : pages_slot(&t->file.pages, off / PAGE_SIZE, true);
	*pa = slot ? frame_alloc(0, !whole) : 0;
	if (!*pa)
		return -ENOSPC;
	end = MIN(t->file.lower_len, off + PAGE_SIZE);
	if (off < end && !whole) {
		iov_iter_one_kernel(&it, &one, page_va(*pa), PAGE_SIZE);
		if (erofs_read(tmpfs_image, &t->lower, &it, off, end) < 0) {
			frame_put(*pa);
			return -EUCLEAN;
		}
	}
	*slot = *pa;
	return 0;
}

static ssize_t file_read(struct vnode *v, struct iov_iter *it, uint64_t off)
{
	struct tnode *t = to_tnode(v);
	ssize_t done = 0, n;

	while (it->left && off < t->size) {
		uint64_t in = off % PAGE_SIZE, len = MIN(PAGE_SIZE - in, t->size - off);
		paddr_t pa = page_find(t, off);

		if (pa)
			n = iov_copy_out(it, (char *)page_va(pa) + in, len);
		// All of it at once where nothing has been written yet.
		else if (off < t->file.lower_len)
			n = erofs_read(tmpfs_image, &t->lower, it, off,
				       t->file.pages.top ? MIN(t->file.lower_len, off + len) :
							   t->file.lower_len);
		else
			n = iov_zero(it, len);
		if (n <= 0)
			return done ? done : n;
		done += n;
		off += (uint64_t)n;
	}
	return done;
}

static ssize_t file_write(struct vnode *v, struct iov_iter *it, uint64_t off)
{
	struct tnode *t = to_tnode(v);
	ssize_t done = 0, n = 0;

	if (it->left && off >= SIZE_LIMIT)
		return -EFBIG;
	while (it->left && off < SIZE_LIMIT) {
		uint64_t in = off % PAGE_SIZE, len = MIN(PAGE_SIZE - in, it->left);
		bool fresh = !page_find(t, off);
		paddr_t pa;

		n = tmpfs_page_make(t, off, len == PAGE_SIZE, &pa);
		if (n)
			break;
		n = iov_copy_in(it, (char *)page_va(pa) + in, len);
		if (fresh && len == PAGE_SIZE && n < (ssize_t)len)
			memset((char *)page_va(pa) + MAX(n, 0), 0, PAGE_SIZE - (size_t)MAX(n, 0));
		if (fresh && t->mapped)
			mm_vnode_truncated(v, off - in);
		if (n <= 0)
			break;
		done += n;
		off += (uint64_t)n;
		t->size = MAX(t->size, off);
	}
	if (done)
		tmpfs_changed(t, true);
	return done ? done : n;
}

static int file_get_page(struct vnode *v, uint64_t off, bool write, paddr_t *pa)
{
	struct tnode *t = to_tnode(v);
	uint64_t *slot;
	int r;

	off = ALIGN_DOWN(off, PAGE_SIZE);
	if (off >= t->size)
		return -ENXIO;
	t->mapped = true;
	*pa = page_find(t, off);
	if (!*pa && !write && off < t->file.lower_len &&
	    (t->file.lower_len == t->lower.size || off + PAGE_SIZE <= t->file.lower_len)) {
		r = erofs_page(tmpfs_image, &t->lower, off, pa);
		if (r <= 0)
			return r;
		slot = pages_slot(&t->file.pages, off / PAGE_SIZE, true);
		if (!slot)
			return 0; // a copy that nobody else sees
		*slot = *pa;
	} else if (!*pa) {
		r = tmpfs_page_make(t, off, false, pa);
		if (r)
			return r == -ENOSPC ? -ENOMEM : r;
	}
	if (write)
		tmpfs_changed(t, true);
	frame_get(*pa);
	return 0;
}

int tmpfs_resize(struct tnode *t, uint64_t size)
{
	uint64_t in = size % PAGE_SIZE;
	paddr_t pa;

	if (size > SIZE_LIMIT)
		return -EFBIG;
	if (size < t->size) {
		t->file.lower_len = MIN(t->file.lower_len, size);
		pages_free(&t->file.pages, (size + PAGE_SIZE - 1) / PAGE_SIZE, PAGES_MAX);
		pa = in ? page_find(t, size) : 0;
		if (pa)
			memset((char *)page_va(pa) + in, 0, PAGE_SIZE - in);
		t->size = size;
		if (t->mapped)
			mm_vnode_truncated(&t->v, pa ? size : ALIGN_DOWN(size, PAGE_SIZE));
	}
	t->size = size;
	return 0;
}

const struct vnode_ops tmpfs_file_ops = {
	.getattr = tmpfs_getattr,
	.setattr = tmpfs_setattr,
	.read = file_read,
	.write = file_write,
	.get_page = file_get_page,
	.punch = tmpfs_punch,
	.open = tmpfs_open,
	.release = tmpfs_release,
};
