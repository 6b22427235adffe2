// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The file system in memory: it is the root, laid over the image's EROFS, and everything else that
// can be written.
//
// A node may have an inode of the image behind it. Such nodes are made when they are looked up,
// found again by inode number, and dropped with their last reference, as long as they are equal to
// that inode. The first change "keeps" a node: it then holds a reference to itself until its last
// name is gone. Data is replaced page by page, so a write to a large file costs one page. A
// directory's entries are only those in which it differs from the directory behind it
// (tmpfs_dir.c).
#include <fs/tmpfs.h>
#include <fs/abi.h>
#include <fs/file.h>
#include <linux/process.h>
#include <mm/mm.h>

#pragma weak chrdev_open
#pragma weak fifo_open

#define LOWER_BUCKETS 64

const struct erofs *tmpfs_image;
static struct tnode *lower_nodes[LOWER_BUCKETS];
static uint64_t last_ino = 1ull << 32; // numbers below are the image's

bool tmpfs_full(void)
{
	return frame_available() < MIN(frame_total() / 16, 512ul);
}

static struct tnode *node_alloc(uint32_t mode)
{
	struct tnode *t = kzalloc(sizeof(*t));

	if (!t)
		return NULL;
	vnode_init(&t->v, S_ISREG(mode) ? &tmpfs_file_ops : &tmpfs_other_ops, mode);
	if (S_ISDIR(mode)) {
		t->v.ops = &tmpfs_dir_ops;
		list_init(&t->dir.entries);
	}
	return t;
}

struct tnode *tmpfs_node(uint32_t mode)
{
	struct tnode *t = tmpfs_full() ? NULL : node_alloc(mode);

	if (!t)
		return NULL;
	t->ino = ++last_ino;
	t->uid = current_process()->euid;
	t->gid = current_process()->egid;
	t->nlink = S_ISDIR(mode) ? 2 : 1;
	t->atime_ns = t->mtime_ns = t->ctime_ns = fs_now();
	return t;
}

struct vnode *tmpfs_new_file(uint32_t mode)
{
	struct tnode *t = tmpfs_node(S_IFREG | mode);

	if (!t)
		return NULL;
	t->nlink = 0;
	return &t->v;
}

static struct tnode **lower_bucket(uint64_t nid)
{
	return &lower_nodes[nid % LOWER_BUCKETS];
}

int tmpfs_lower_node(uint64_t nid, struct tnode *parent, struct tnode **out)
{
	struct erofs_inode ino;
	struct tnode *t;
	int r;

	for (t = *lower_bucket(nid); t; t = t->next)
		if (t->ino == nid) {
			vnode_get(&t->v);
			*out = t;
			return 0;
		}
	r = erofs_inode_get(tmpfs_image, nid, &ino);
	if (r)
		return r;
	t = node_alloc(ino.mode);
	if (!t)
		return -ENOMEM;
	t->has_lower = true;
	t->lower = ino;
	t->ino = nid;
	t->size = S_ISREG(ino.mode) || S_ISLNK(ino.mode) || S_ISDIR(ino.mode) ? ino.size : 0;
	t->rdev = ino.addr;
	t->nlink = ino.nlink;
	t->uid = ino.uid;
	t->gid = ino.gid;
	t->atime_ns = t->mtime_ns = t->ctime_ns = ino.mtime_ns;
	if (S_ISREG(ino.mode))
		t->file.lower_len = ino.size;
	if (S_ISDIR(ino.mode) && parent)
		t->v.parent = vnode_get(&parent->v);
	t->next = *lower_bucket(nid);
	*lower_bucket(nid) = t;
	*out = t;
	return 0;
}

void tmpfs_changed(struct tnode *t, bool data)
{
	if (t->has_lower && !t->kept && t->nlink) {
		t->kept = true;
		vnode_get(&t->v);
	}
	t->ctime_ns = fs_now();
	if (data)
		t->mtime_ns = t->ctime_ns;
}

void tmpfs_name_lost(struct tnode *t)
{
	tmpfs_changed(t, false);
	t->nlink = t->nlink && !S_ISDIR(t->v.mode) ? t->nlink - 1 : 0;
	if (!t->nlink && t->kept) {
		t->kept = false;
		vnode_put(&t->v);
	}
}

int tmpfs_getattr(struct vnode *v, struct kstat *st)
{
	struct tnode *t = to_tnode(v);

	st->dev = DEV_ROOT;
	st->ino = t->ino;
	st->nlink = t->nlink;
	st->rdev = (v->mode & S_IFMT) == S_IFCHR || (v->mode & S_IFMT) == S_IFBLK ? t->rdev : 0;
	st->size = t->size;
	st->blocks = (t->size + 511) / 512;
	st->uid = t->uid;
	st->gid = t->gid;
	st->atime_ns = t->atime_ns;
	st->mtime_ns = t->mtime_ns;
	st->ctime_ns = t->ctime_ns;
	return 0;
}

int tmpfs_setattr(struct vnode *v, const struct kstat *st, unsigned what)
{
	struct tnode *t = to_tnode(v);
	int r = what & ATTR_SIZE ? tmpfs_resize(t, st->size) : 0;

	if (r)
		return r;
	tmpfs_changed(t, what & ATTR_SIZE);
	if (what & ATTR_MODE)
		v->mode = (v->mode & S_IFMT) | (st->mode & 07777);
	if (what & ATTR_UID)
		t->uid = st->uid;
	if (what & ATTR_GID)
		t->gid = st->gid;
	if (what & ATTR_ATIME)
		t->atime_ns = st->atime_ns;
	if (what & ATTR_MTIME)
		t->mtime_ns = st->mtime_ns;
	return 0;
}

int tmpfs_open(struct vnode *v, struct file **f)
{
	switch (v->mode & S_IFMT) {
	case S_IFCHR:
		return chrdev_open ? chrdev_open(to_tnode(v)->rdev, *f) : -ENXIO;
	case S_IFIFO:
		return fifo_open ? fifo_open(&to_tnode(v)->fifo, *f) : -ENXIO;
	default:
		return S_ISREG(v->mode) || S_ISDIR(v->mode) ? 0 : -ENXIO;
	}
}

static ssize_t other_readlink(struct vnode *v, char *buf, size_t size)
{
	struct tnode *t = to_tnode(v);

	if (t->has_lower)
		return erofs_readlink(tmpfs_image, &t->lower, buf, size);
	size = MIN(size, t->size);
	memcpy(buf, t->target, size);
	return (ssize_t)size;
}

void tmpfs_release(struct vnode *v)
{
	struct tnode *t = to_tnode(v), **p = lower_bucket(t->ino);

	while (t->has_lower && *p != t)
		p = &(*p)->next;
	if (t->has_lower)
		*p = t->next;
	if (S_ISREG(v->mode))
		pages_free(&t->file.pages, 0, PAGES_MAX);
	else if (S_ISDIR(v->mode))
		tmpfs_dir_release(t);
	else if (S_ISLNK(v->mode))
		kfree(t->target);
	kfree(t);
}

const struct vnode_ops tmpfs_other_ops = {
	.getattr = tmpfs_getattr,
	.setattr = tmpfs_setattr,
	.readlink = other_readlink,
	.open = tmpfs_open,
	.release = tmpfs_release,
};

int tmpfs_root(const struct erofs *lower, struct vnode **root)
{
	struct tnode *t;
	int r;

	tmpfs_image = lower;
	r = tmpfs_lower_node(lower->root, NULL, &t);
	if (r)
		return r;
	*root = &t->v;
	return S_ISDIR(t->v.mode) ? 0 : -EUCLEAN;
}
