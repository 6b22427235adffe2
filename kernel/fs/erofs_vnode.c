// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The read-only root, for programs that make no call that could change a file: vnodes straight over
// EROFS inodes. (With such calls linked, fs/tmpfs.c is the root and has EROFS inodes behind its
// own.)
#include <fs/erofs_vnode.h>
#include <fs/abi.h>
#include <mm/mm.h>

struct enode {
	struct vnode v;
	const struct erofs *fs;
	struct erofs_inode ino;
	paddr_t tail_page; // copy of a last page that is inline
};

static struct enode *to_enode(struct vnode *v)
{
	return container_of(v, struct enode, v);
}

void erofs_stat(const struct erofs_inode *ino, struct kstat *st)
{
	st->dev = DEV_ROOT;
	st->ino = ino->nid;
	st->mode = ino->mode;
	st->nlink = ino->nlink;
	st->uid = ino->uid;
	st->gid = ino->gid;
	st->size = ino->size;
	st->blocks = (ino->size + 511) / 512;
	st->atime_ns = st->mtime_ns = st->ctime_ns = ino->mtime_ns;
	if ((ino->mode & S_IFMT) == S_IFCHR || (ino->mode & S_IFMT) == S_IFBLK) {
		st->rdev = ino->addr;
		st->size = st->blocks = 0;
	}
}

ssize_t erofs_read(const struct erofs *fs, const struct erofs_inode *ino, struct iov_iter *it,
		   uint64_t off, uint64_t end)
{
	ssize_t done = 0, n;

	while (it->left && off < end) {
		const uint8_t *p;
		size_t len;
		int r = erofs_map(fs, ino, off, &p, &len);

		if (r)
			return done ? done : r;
		len = MIN(len, end - off);
		n = p ? iov_copy_out(it, p, len) : iov_zero(it, len);
		if (n <= 0)
			return done ? done : n;
		done += n;
		off += (uint64_t)n;
	}
	return done;
}

ssize_t erofs_readlink(const struct erofs *fs, const struct erofs_inode *ino, char *buf,
		       size_t size)
{
	struct iov_iter it;
	struct iov one;

	if (ino->size >= PATH_MAX)
		return -EUCLEAN;
	iov_iter_one_kernel(&it, &one, buf, size);
	return erofs_read(fs, ino, &it, 0, ino->size);
}

int erofs_page(const struct erofs *fs, const struct erofs_inode *ino, uint64_t off, paddr_t *pa)
{
	const uint8_t *p;
	struct iov_iter it;
	struct iov one;
	size_t n;
	int r;

	off = ALIGN_DOWN(off, PAGE_SIZE);
	if (off >= ino->size)
		return -ENXIO;
	r = erofs_map(fs, ino, off, &p, &n);
	if (r)
		return r;
	// A whole page, or the last one in a block of its own: what follows in the image is the
	// block's padding.
	if (p && !((uintptr_t)p & (PAGE_SIZE - 1)) &&
	    (n >= PAGE_SIZE || (size_t)(p - fs->base) + PAGE_SIZE <= fs->len)) {
		*pa = page_pa(p);
		return 0;
	}
	*pa = frame_alloc(0, true);
	if (!*pa)
		return -ENOMEM;
	iov_iter_one_kernel(&it, &one, page_va(*pa), PAGE_SIZE);
	if (erofs_read(fs, ino, &it, off, ino->size) >= 0)
		return 1;
	frame_put(*pa);
	return -EUCLEAN;
}

static struct vnode *enode_new(const struct erofs *fs, const struct erofs_inode *ino,
			       struct vnode *parent);

static int enode_lookup(struct vnode *dir, const char *name, size_t len, struct vnode **out)
{
	struct enode *d = to_enode(dir);
	struct erofs_inode ino;
	uint64_t nid;
	int r = erofs_lookup(d->fs, &d->ino, name, len, &nid);

	if (!r)
		r = erofs_inode_get(d->fs, nid, &ino);
	if (r)
		return r;
	*out = enode_new(d->fs, &ino, dir);
	return *out ? 0 : -ENOMEM;
}

static int enode_getattr(struct vnode *v, struct kstat *st)
{
	erofs_stat(&to_enode(v)->ino, st);
	return 0;
}

static ssize_t enode_readlink(struct vnode *v, char *buf, size_t size)
{
	return erofs_readlink(to_enode(v)->fs, &to_enode(v)->ino, buf, size);
}

static ssize_t enode_read(struct vnode *v, struct iov_iter *it, uint64_t off)
{
	return erofs_read(to_enode(v)->fs, &to_enode(v)->ino, it, off, to_enode(v)->ino.size);
}

static int enode_get_page(struct vnode *v, uint64_t off, bool write, paddr_t *pa)
{
	struct enode *e = to_enode(v);
	int r;

	if (write)
		return -EROFS;
	if (e->tail_page && off / PAGE_SIZE == (e->ino.size - 1) / PAGE_SIZE) {
		*pa = e->tail_page;
		frame_get(*pa);
		return 0;
	}
	r = erofs_page(e->fs, &e->ino, off, pa);
	if (r > 0 && off / PAGE_SIZE == (e->ino.size - 1) / PAGE_SIZE) {
		e->tail_page = *pa;
		frame_get(*pa);
	}
	return MIN(r, 0);
}

static void enode_release(struct vnode *v)
{
	if (to_enode(v)->tail_page)
		frame_put(to_enode(v)->tail_page);
	kfree(to_enode(v));
}

static int enode_readdir(struct vnode *dir, uint64_t *off, struct dir_sink *sink)
{
	struct enode *d = to_enode(dir);
	struct erofs_entry e;
	uint64_t pos = *off;
	int r;

	while ((r = erofs_next(d->fs, &d->ino, &pos, &e)) > 0) {
		if (!sink->emit(sink, e.name, e.len, e.nid, erofs_dtype(e.type), pos))
			return 0;
		*off = pos;
	}
	return r;
}

static const struct vnode_ops dir_ops = {
	.lookup = enode_lookup,
	.readdir = enode_readdir,
	.getattr = enode_getattr,
	.release = enode_release,
};

static const struct vnode_ops file_ops = {
	.getattr = enode_getattr,
	.readlink = enode_readlink,
	.read = enode_read,
	.get_page = enode_get_page,
	.release = enode_release,
};

static struct vnode *enode_new(const struct erofs *fs, const struct erofs_inode *ino,
			       struct vnode *parent)
{
	struct enode *e = kzalloc(sizeof(*e));

	if (!e)
		return NULL;
	vnode_init(&e->v, S_ISDIR(ino->mode) ? &dir_ops : &file_ops, ino->mode);
	e->fs = fs;
	e->ino = *ino;
	if (parent && S_ISDIR(ino->mode))
		e->v.parent = vnode_get(parent);
	return &e->v;
}

int erofs_root(const struct erofs *fs, struct vnode **root)
{
	struct erofs_inode ino;
	int r = erofs_inode_get(fs, fs->root, &ino);

	if (r)
		return r;
	if (!S_ISDIR(ino.mode))
		return -EUCLEAN;
	*root = enode_new(fs, &ino, NULL);
	return *root ? 0 : -ENOMEM;
}
