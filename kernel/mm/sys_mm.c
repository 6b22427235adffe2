// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// System calls on memory. Each brings its arguments in and leaves the work to the functions of
// mm.h.
#include <asm-generic/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <core/user.h>
#include <fs/file.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <mm/mm.h>

#pragma weak mm_fork
#pragma weak tmpfs_new_file

#define PROT_ALL (PROT_R | PROT_W | PROT_X)
#define DEV_ZERO 0x105 // major 1, minor 5: mapping it gives anonymous memory (null(4))

static struct mm *current_mm(void) { return current_process()->mm; }

// May this open file be mapped so? 0 or a negative errno; *anonymous is set for /dev/zero.
static int check_file(const struct file *f, unsigned prot, unsigned flags, bool *anonymous)
{
	unsigned access = f->flags & O_ACCMODE;
	struct kstat st;

	if (!f->vnode)
		return -ENODEV;
	if (access == O_WRONLY ||
	    ((flags & MAP_TYPE) != MAP_PRIVATE && (prot & PROT_W) && access != O_RDWR))
		return -EACCES;
	*anonymous = (f->vnode->mode & S_IFMT) == S_IFCHR &&
		     f->vnode->ops->getattr(f->vnode, &st) == 0 && st.rdev == DEV_ZERO;
	return (f->vnode->mode & S_IFMT) == S_IFREG || *anonymous ? 0 : -ENODEV;
}

// Children have it too: where there can be some, it is a file's.
static bool shared_anonymous(unsigned long flags)
{
	return mm_fork && (flags & MAP_ANONYMOUS) && (flags & MAP_TYPE) != MAP_PRIVATE;
}

static struct vnode *memory_file(size_t len)
{
	struct vnode *v = tmpfs_new_file ? tmpfs_new_file(0600) : NULL;
	struct kstat st = { .size = ALIGN_UP(len, PAGE_SIZE) };

	if (v && v->ops->setattr(v, &st, ATTR_SIZE)) {
		vnode_put(v);
		return NULL;
	}
	return v;
}

long sys_mmap(uintptr_t addr, size_t len, unsigned long prot, unsigned long flags, int fd,
	      uint64_t off)
{
	struct vnode *vnode = NULL;
	struct file *f = NULL;
	bool anonymous = false;
	long r = 0;

	prot &= PROT_ALL;
	flags &= ~(unsigned long)MAP_DENYWRITE; // has another meaning inside
	if (off & (PAGE_SIZE - 1))
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS)) {
		f = fd_get(fd);
		if (!f)
			return -EBADF;
		r = check_file(f, (unsigned)prot, (unsigned)flags, &anonymous);
		vnode = anonymous ? NULL : f->vnode;
		if ((f->flags & O_ACCMODE) != O_RDWR)
			flags |= MAP_DENYWRITE;
	}
	if (shared_anonymous(flags) && !r) {
		vnode = memory_file(len);
		r = vnode ? 0 : -ENOMEM;
	}
	if (!r)
		r = mm_map(current_mm(), addr, len, (unsigned)prot, (unsigned)flags, vnode,
			   vnode ? off : 0);
	if (shared_anonymous(flags))
		vnode_put(vnode);
	if (r >= 0 && vnode && f && f->path)
		vnode_mapped_as(vnode, f->path);
	if (f)
		file_put(f);
	return r;
}

long sys_munmap(uintptr_t addr, size_t len)
{
	return mm_unmap(current_mm(), addr, len);
}

long sys_mprotect(uintptr_t addr, size_t len, unsigned long prot)
{
	if (prot & ~(unsigned long)(PROT_ALL | PROT_SEM))
		return -EINVAL;
	return mm_protect(current_mm(), addr, len, prot & PROT_ALL);
}

long sys_mremap(uintptr_t old, size_t old_len, size_t new_len, unsigned long flags,
		uintptr_t new_addr)
{
	return mm_remap(current_mm(), old, old_len, new_len, (unsigned)flags, new_addr);
}

long sys_madvise(uintptr_t addr, size_t len, int advice)
{
	return mm_advise(current_mm(), addr, len, advice);
}

long sys_brk(uintptr_t brk)
{
	return mm_brk(current_mm(), brk);
}

long sys_mincore(uintptr_t addr, size_t len, unsigned char *vec)
{
	unsigned char part[256];
	size_t pages = (len >> PAGE_SHIFT) + !!(len & (PAGE_SIZE - 1));

	if (addr & (PAGE_SIZE - 1))
		return -EINVAL;
	for (size_t done = 0; done < pages; done += sizeof(part)) {
		size_t n = MIN(sizeof(part), pages - done);
		int r = mm_incore(current_mm(), addr + done * PAGE_SIZE, n, part);

		if (!r)
			r = copy_to_user(vec + done, part, n);
		if (r)
			return r;
	}
	return 0;
}

long sys_msync(uintptr_t addr, size_t len, int flags)
{
	if ((addr & (PAGE_SIZE - 1)) || (flags & ~(MS_ASYNC | MS_SYNC | MS_INVALIDATE)) ||
	    (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
		return -EINVAL;
	if (flags & MS_SYNC)
		return mm_sync(current_mm(), addr, len);
	return mm_advise(current_mm(), addr, len, MADV_NORMAL) ? -ENOMEM : 0;
}

// Memory is never paged out, so a lock is kept by making the pages present.
static long lock_range(uintptr_t addr, size_t len)
{
	int r = mm_populate(current_mm(), addr, len, true);

	if (r == -EACCES)
		r = mm_populate(current_mm(), addr, len, false);
	return r == -EACCES ? 0 : r == -ENXIO ? -ENOMEM : r;
}

// The pages that [addr, addr+len) touches: are they mapped?
static long check_mapped(uintptr_t addr, size_t len)
{
	uintptr_t start = ALIGN_DOWN(addr, PAGE_SIZE);

	return len + (addr - start) < len
		       ? -EINVAL
		       : mm_advise(current_mm(), start, len + (addr - start), MADV_NORMAL);
}

long sys_mlock(uintptr_t addr, size_t len)
{
	return lock_range(addr, len);
}

long sys_mlock2(uintptr_t addr, size_t len, int flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return flags ? check_mapped(addr, len) : lock_range(addr, len);
}

long sys_munlock(uintptr_t addr, size_t len)
{
	return check_mapped(addr, len);
}

long sys_mlockall(int flags)
{
	return flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) ||
			       !(flags & (MCL_CURRENT | MCL_FUTURE))
		       ? -EINVAL
		       : 0;
}

long sys_munlockall(void)
{
	return 0;
}
