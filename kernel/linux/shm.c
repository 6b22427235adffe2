// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// System V shared memory. A segment is a file in memory without a name (fs/tmpfs.c) that is mapped
// shared; who has it attached is counted in the regions that map it. A segment that was removed
// (IPC_RMID) goes when nobody has it attached any more, which is looked at whenever segments are
// asked for.
#include <asm-generic/errno.h>
#include <linux/mman.h>
#include <linux/shm.h>

#include <core/user.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <mm/mm.h>

#define PERMISSIONS 0777
#define SHM_DEST 01000 /* of the mode: include/linux/shm.h */
#define SHM_LOCKED 02000
#define SEGMENT_MAX (1ull << 40)
#define SEGMENTS_MAX 4096 /* kernel.shmmni */

struct segment {
	struct list link;
	int id;
	struct vnode *vnode;
	struct shmid64_ds ds;
};

static struct list segments = LIST_INIT(segments);
static int last_id = -1, count;

static uint64_t attached(const struct segment *s)
{
	uint64_t n = 0;

	list_for_each(l, &process_list) {
		const struct process *p = list_entry(l, struct process, link);
		const struct region *r;

		for (uintptr_t at = 0; p->mm && (r = mm_region_at_or_above(p->mm, at)); at = r->end)
			n += r->vnode == s->vnode && !r->off;
	}
	return n;
}

static void sweep(void)
{
	list_for_each_safe(l, &segments) {
		struct segment *s = list_entry(l, struct segment, link);

		if (!(s->ds.shm_perm.mode & SHM_DEST) || attached(s))
			continue;
		list_del(&s->link);
		vnode_put(s->vnode);
		kfree(s);
		count--;
	}
}

static struct segment *by_id(int id)
{
	sweep();
	list_for_each(l, &segments)
		if (list_entry(l, struct segment, link)->id == id)
			return list_entry(l, struct segment, link);
	return NULL;
}

static struct segment *by_key(int key)
{
	sweep();
	list_for_each(l, &segments)
		if (list_entry(l, struct segment, link)->ds.shm_perm.key == key)
			return list_entry(l, struct segment, link);
	return NULL;
}

// want: 4 reads, 2 writes, of the mode's kind.
static int may(const struct segment *s, unsigned want)
{
	const struct ipc64_perm *perm = &s->ds.shm_perm;
	const struct process *p = current_process();
	unsigned shift = p->euid == perm->uid || p->euid == perm->cuid ? 6
			 : p->egid == perm->gid || process_in_group(p, perm->gid) ? 3
										  : 0;

	return !p->euid || !(want & ~(perm->mode >> shift)) ? 0 : -EACCES;
}

static bool owns(const struct segment *s)
{
	uint32_t uid = current_process()->euid;

	return !uid || uid == s->ds.shm_perm.uid || uid == s->ds.shm_perm.cuid;
}

static int64_t seconds(void)
{
	return fs_now() / (int64_t)NSEC;
}

static long segment_new(int key, uint64_t size, unsigned mode)
{
	const struct process *p = current_process();
	struct kstat st = { .size = size };
	struct segment *s;

	if (!size || size > SEGMENT_MAX)
		return -EINVAL;
	if (count == SEGMENTS_MAX)
		return -ENOSPC;
	s = kzalloc(sizeof(*s));
	if (s)
		s->vnode = tmpfs_new_file(PERMISSIONS);
	if (!s || !s->vnode || s->vnode->ops->setattr(s->vnode, &st, ATTR_SIZE)) {
		if (s)
			vnode_put(s->vnode);
		kfree(s);
		return -ENOMEM;
	}
	s->id = ++last_id;
	s->ds.shm_perm = (struct ipc64_perm){
		.key = key, .uid = p->euid, .gid = p->egid, .cuid = p->euid, .cgid = p->egid, .mode = mode
	};
	s->ds.shm_segsz = size;
	s->ds.shm_ctime = seconds();
	s->ds.shm_cpid = p->pid;
	list_add_tail(&segments, &s->link);
	count++;
	return s->id;
}

long sys_shmget(int key, uint64_t size, int flags)
{
	struct segment *s = key == IPC_PRIVATE ? NULL : by_key(key);
	int r;

	if (flags & SHM_HUGETLB)
		return -ENOMEM; // as on Linux with no huge pages set aside
	if (!s && key != IPC_PRIVATE && !(flags & IPC_CREAT))
		return -ENOENT;
	if (!s)
		return segment_new(key, size, (unsigned)flags & PERMISSIONS);
	if ((flags & IPC_CREAT) && (flags & IPC_EXCL))
		return -EEXIST;
	r = may(s, (unsigned)flags >> 6 & 6);
	return r ? r : size > s->ds.shm_segsz ? -EINVAL : s->id;
}

long sys_shmat(int id, uintptr_t addr, int flags)
{
	unsigned prot = PROT_R | (flags & SHM_RDONLY ? 0 : PROT_W) | (flags & SHM_EXEC ? PROT_X : 0),
		 how = MAP_SHARED | (flags & SHM_RDONLY ? MAP_DENYWRITE : 0);
	struct segment *s = id < 0 ? NULL : by_id(id);
	long at;
	int r;

	if (addr & (PAGE_SIZE - 1) && flags & SHM_RND)
		addr = ALIGN_DOWN(addr, PAGE_SIZE);
	if (!s || addr & (PAGE_SIZE - 1) || (!addr && flags & SHM_REMAP))
		return -EINVAL;
	r = may(s, flags & SHM_RDONLY ? 4 : 6);
	if (r)
		return r;
	if (addr)
		how |= flags & SHM_REMAP ? MAP_FIXED : MAP_FIXED_NOREPLACE;
	vnode_mapped_as(s->vnode, "/SYSV");
	at = mm_map(current_process()->mm, addr, s->ds.shm_segsz, prot, how, s->vnode, 0);
	if (at == -EEXIST)
		return -EINVAL;
	if (at >= 0) {
		s->ds.shm_atime = seconds();
		s->ds.shm_lpid = current_process()->pid;
	}
	return at;
}

// The segment that is attached at addr, from its beginning.
static struct segment *attached_at(uintptr_t addr)
{
	const struct region *r = mm_region_at_or_above(current_process()->mm, addr);

	if (!r || r->start != addr || !r->vnode || r->off)
		return NULL;
	list_for_each(l, &segments)
		if (list_entry(l, struct segment, link)->vnode == r->vnode)
			return list_entry(l, struct segment, link);
	return NULL;
}

// Whatever of the attachment is still there goes: the program may have cut it into pieces.
long sys_shmdt(uintptr_t addr)
{
	struct mm *mm = current_process()->mm;
	struct segment *s = attached_at(addr);
	const struct region *r;
	uintptr_t end;

	if (!s || addr & (PAGE_SIZE - 1))
		return -EINVAL;
	end = addr + ALIGN_UP(s->ds.shm_segsz, PAGE_SIZE);
	for (uintptr_t at = addr; (r = mm_region_at_or_above(mm, at)) && r->start < end;) {
		uintptr_t from = r->start, to = MIN(r->end, end);

		at = r->end;
		if (from >= addr && r->vnode == s->vnode && r->off == from - addr &&
		    mm_unmap(mm, from, to - from))
			return -ENOMEM;
	}
	s->ds.shm_dtime = seconds();
	s->ds.shm_lpid = current_process()->pid;
	sweep();
	return 0;
}

static long put_stat(const struct segment *s, void *user, long result)
{
	struct shmid64_ds ds = s->ds;

	ds.shm_nattch = attached(s);
	return copy_to_user(user, &ds, sizeof(ds)) ? -EFAULT : result;
}

static long set(struct segment *s, const void *user)
{
	struct shmid64_ds ds;

	if (copy_from_user(&ds, user, sizeof(ds)))
		return -EFAULT;
	s->ds.shm_perm.uid = ds.shm_perm.uid;
	s->ds.shm_perm.gid = ds.shm_perm.gid;
	s->ds.shm_perm.mode =
		(s->ds.shm_perm.mode & ~(unsigned)PERMISSIONS) | (ds.shm_perm.mode & PERMISSIONS);
	s->ds.shm_ctime = seconds();
	return 0;
}

static long info(void *user)
{
	struct shminfo64 i = { .shmmax = SEGMENT_MAX, .shmmin = 1, .shmmni = SEGMENTS_MAX,
			       .shmseg = SEGMENTS_MAX, .shmall = SEGMENT_MAX / PAGE_SIZE };

	return copy_to_user(user, &i, sizeof(i)) ? -EFAULT : MAX(last_id, 0);
}

long sys_shmctl(int id, int op, void *user)
{
	struct segment *s;
	int r;

	if (id < 0 || op < 0)
		return -EINVAL;
	if (op == IPC_INFO)
		return info(user);
	s = by_id(id);
	if (!s)
		return -EINVAL;
	switch (op) {
	case IPC_STAT:
		r = may(s, 4);
		return r ? r : put_stat(s, user, 0);
	case IPC_SET: return owns(s) ? set(s, user) : -EPERM;
	case IPC_RMID:
		if (!owns(s))
			return -EPERM;
		s->ds.shm_perm.mode |= SHM_DEST;
		s->ds.shm_perm.key = IPC_PRIVATE;
		sweep();
		return 0;
	case SHM_LOCK:
	case SHM_UNLOCK: // it is in memory, locked or not
		if (!owns(s))
			return -EPERM;
		s->ds.shm_perm.mode &= ~(unsigned)SHM_LOCKED;
		s->ds.shm_perm.mode |= op == SHM_LOCK ? SHM_LOCKED : 0;
		return 0;
	default: return -EINVAL;
	}
}
