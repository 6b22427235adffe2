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
#include <fs/memfd.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <mm/mm.h>

#pragma weak mm_memory_file

#define PROT_ALL (PROT_R | PROT_W | PROT_X)
#define PKEY_RIGHTS 3u // PKEY_DISABLE_ACCESS | PKEY_DISABLE_WRITE
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

long sys_mmap(uintptr_t addr, size_t len, unsigned long prot, unsigned long flags, int fd,
	      uint64_t off)
{
	struct vnode *vnode = NULL, *memory = NULL;
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
		if (!r && vnode && memfd_map)
			r = memfd_map(vnode, (unsigned)prot, &flags);
	}
	// Children have it too: where there can be some, it is a file's.
	if (mm_memory_file && (flags & MAP_ANONYMOUS) && (flags & MAP_TYPE) != MAP_PRIVATE) {
		vnode = memory = mm_memory_file(len);
		r = vnode ? 0 : -ENOMEM;
	}
	if (!r)
		r = mm_map(current_mm(), addr, len, (unsigned)prot, (unsigned)flags, vnode,
			   vnode ? off : 0);
	vnode_put(memory);
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
	struct mm *mm = current_mm();

	if (prot & ~(unsigned long)(PROT_ALL | PROT_SEM | PROT_GROWSDOWN))
		return -EINVAL;
	if (prot & PROT_GROWSDOWN) {
		const struct region *r = mm_region_at_or_above(mm, addr);

		if (!len)
			return addr & (PAGE_SIZE - 1) ? -EINVAL : 0;
		if (!r || r->start > addr || !(r->flags & (REGION_STACK | REGION_GROWS)))
			return r && r->start <= addr ? -EINVAL : -ENOMEM;
		if (addr & (PAGE_SIZE - 1))
			return -EINVAL;
		len += addr - r->start;
		addr = r->start;
	}
	return mm_protect(mm, addr, len, prot & PROT_ALL);
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

// Protection keys: there are none, as on a processor without them (pkey_alloc(2), pkeys(7)).
long sys_pkey_alloc(unsigned long flags, unsigned long rights)
{
	return flags || (rights & ~(unsigned long)PKEY_RIGHTS) ? -EINVAL : -ENOSPC;
}

long sys_pkey_free(int key)
{
	return -EINVAL;
}

// Key -1 stands for none: mprotect.
long sys_pkey_mprotect(uintptr_t addr, size_t len, unsigned long prot, int key)
{
	return key == -1 ? sys_mprotect(addr, len, prot) : -EINVAL;
}
