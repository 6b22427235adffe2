// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// memfd_create: a file in memory without a name, which can be sealed: what a seal forbids, nobody can
// do any more. The rules are Linux's (mm/memfd.c, mm/shmem.c). A sealed file is a tmpfs file whose
// operations look at the seals first.
#include <fs/memfd.h>
#include <fs/abi.h>
#include <fs/file.h>
#include <fs/tmpfs.h>
#include <fs/vnode.h>
#include <linux/mman.h>
#include <mm/space.h>

// include/uapi/linux/memfd.h, linux/fcntl.h
#define MFD_CLOEXEC 1
#define MFD_ALLOW_SEALING 2
#define MFD_NOEXEC_SEAL 8
#define F_SEAL_SEAL 0x1u
#define F_SEAL_SHRINK 0x2u
#define F_SEAL_GROW 0x4u
#define F_SEAL_WRITE 0x8u
#define F_SEAL_FUTURE_WRITE 0x10u // mappings that are there may still be written through
#define F_SEAL_EXEC 0x20u         // the mode's execute bits stay
#define SEALS_ALL 0x3fu
#define SEALS_WRITE (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)
#define EXEC_BITS 0111u
#define MFD_EXEC 16
#define MFD_NAME_MAX 249

static const struct vnode_ops memfd_ops;

static uintptr_t seals_of(const struct vnode *v)
{
	return (uintptr_t)v->data;
}

// With a limit of growth, whole pages that are there are written before it is told.
static ssize_t memfd_write(struct vnode *v, struct iov_iter *it, uint64_t off)
{
	uint64_t size = to_tnode(v)->size, whole = ALIGN_DOWN(size, PAGE_SIZE);

	if (it->left && (seals_of(v) & SEALS_WRITE))
		return -EPERM;
	if ((seals_of(v) & F_SEAL_GROW) && it->left && (off > size || it->left > size - off)) {
		if (whole <= off)
			return -EPERM;
		it->left = whole - off;
	}
	return tmpfs_file_ops.write(v, it, off);
}

static int memfd_setattr(struct vnode *v, const struct kstat *st, unsigned what)
{
	uint64_t size = to_tnode(v)->size;

	if ((what & ATTR_SIZE) && ((st->size < size && (seals_of(v) & F_SEAL_SHRINK)) ||
				   (st->size > size && (seals_of(v) & F_SEAL_GROW))))
		return -EPERM;
	if ((what & ATTR_MODE) && (seals_of(v) & F_SEAL_EXEC) && ((v->mode ^ st->mode) & EXEC_BITS))
		return -EPERM;
	return tmpfs_setattr(v, st, what);
}

static int memfd_punch(struct vnode *v, uint64_t off, uint64_t len)
{
	return seals_of(v) & SEALS_WRITE ? -EPERM : tmpfs_punch(v, off, len);
}

static int memfd_get_page(struct vnode *v, uint64_t off, bool write, paddr_t *pa)
{
	return tmpfs_file_ops.get_page(v, off, write, pa);
}

static ssize_t memfd_read(struct vnode *v, struct iov_iter *it, uint64_t off)
{
	return tmpfs_file_ops.read(v, it, off);
}

static const struct vnode_ops memfd_ops = {
	.getattr = tmpfs_getattr,
	.setattr = memfd_setattr,
	.read = memfd_read,
	.write = memfd_write,
	.get_page = memfd_get_page,
	.punch = memfd_punch,
	.open = tmpfs_open,
	.release = tmpfs_release,
};

int memfd_map(const struct vnode *v, unsigned prot, unsigned long *flags)
{
	if (v->ops != &memfd_ops || (*flags & MAP_TYPE) == MAP_PRIVATE || !(seals_of(v) & SEALS_WRITE))
		return 0;
	*flags |= MAP_DENYWRITE;
	return prot & PROT_W ? -EPERM : 0;
}

// Can it be written to through a mapping, now or after mprotect?
static bool mapped_writable(const struct vnode *v)
{
	for (const struct mm *mm = v->mappings ? mm_list : NULL; mm; mm = mm->next)
		for (const struct region *r = region_at(mm, 0); r; r = r->next)
			if (r->vnode == v &&
			    (r->flags & (REGION_SHARED | REGION_READONLY)) == REGION_SHARED)
				return true;
	return false;
}

long memfd_add_seals(struct file *f, unsigned seals)
{
	struct vnode *v = f->vnode;
	uintptr_t now;

	if ((seals & ~SEALS_ALL) || !v || v->ops != &memfd_ops)
		return -EINVAL;
	now = seals_of(v);
	if (now & F_SEAL_SEAL)
		return -EPERM;
	if ((seals & F_SEAL_WRITE) && !(now & F_SEAL_WRITE) && mapped_writable(v))
		return -EBUSY;
	// What may be executed for good may not be changed either.
	if ((seals & F_SEAL_EXEC) && (v->mode & EXEC_BITS))
		seals |= F_SEAL_SHRINK | F_SEAL_GROW | SEALS_WRITE;
	v->data = (void *)(now | seals);
	return 0;
}

long memfd_get_seals(const struct file *f)
{
	return f->vnode && f->vnode->ops == &memfd_ops ? (long)seals_of(f->vnode) : -EINVAL;
}

long sys_memfd_create(const char *user_name, unsigned flags)
{
	static const char prefix[] = "/memfd:";
	char name[MFD_NAME_MAX + 1];
	struct file *f;
	ssize_t n;

	if ((flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC | MFD_NOEXEC_SEAL)) ||
	    (flags & (MFD_EXEC | MFD_NOEXEC_SEAL)) == (MFD_EXEC | MFD_NOEXEC_SEAL))
		return -EINVAL;
	n = string_from_user(name, user_name, sizeof(name));
	if (n < 0)
		return n == -ENAMETOOLONG ? -EINVAL : n;
	f = file_new(&vnode_file_ops, O_RDWR | O_LARGEFILE, NULL);
	if (!f)
		return -ENOMEM;
	f->vnode = tmpfs_new_file(flags & MFD_NOEXEC_SEAL ? 0666 : 0777);
	f->path = kmalloc(sizeof(prefix) + (size_t)n);
	if (!f->vnode || !f->path) {
		file_put(f);
		return -ENOMEM;
	}
	f->vnode->ops = &memfd_ops;
	f->vnode->data = (void *)(uintptr_t)(flags & MFD_NOEXEC_SEAL	? F_SEAL_EXEC
					     : flags & MFD_ALLOW_SEALING ? 0
									 : F_SEAL_SEAL);
	memcpy(f->path, prefix, sizeof(prefix) - 1);
	memcpy(f->path + sizeof(prefix) - 1, name, strlen(name) + 1);
	return fd_install(f, flags & MFD_CLOEXEC);
}
