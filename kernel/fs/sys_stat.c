// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The stat family.
#include <fs/at.h>

struct linux_stat { // struct stat of arch/x86/include/uapi/asm/stat.h
	uint64_t dev, ino, nlink;
	uint32_t mode, uid, gid, pad;
	uint64_t rdev;
	int64_t size, blksize, blocks;
	struct linux_timespec atime, mtime, ctime;
	int64_t unused[3];
};
_Static_assert(sizeof(struct linux_stat) == 144, "struct stat of x86-64");

struct statx_time {
	int64_t sec;
	uint32_t nsec;
	int32_t pad;
};
struct linux_statx { // include/uapi/linux/stat.h
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, pad0;
	uint64_t ino, size, blocks, attributes_mask;
	struct statx_time atime, btime, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t spare[14];
};
_Static_assert(sizeof(struct linux_statx) == 256, "struct statx");
#define STATX_BASIC_STATS 0x7ff
#define STATX_RESERVED 0x80000000u

static struct linux_timespec spec(int64_t ns)
{
	struct linux_timespec t = { ns / 1000000000, ns % 1000000000 };

	return t;
}

static long stat_out(int r, const struct kstat *st, void *user)
{
	struct linux_stat s = { 0 };

	if (r)
		return r;
	s.dev = st->dev;
	s.ino = st->ino;
	s.nlink = st->nlink;
	s.mode = st->mode;
	s.uid = st->uid;
	s.gid = st->gid;
	s.rdev = st->rdev;
	s.size = (int64_t)st->size;
	s.blksize = st->blksize;
	s.blocks = (int64_t)st->blocks;
	s.atime = spec(st->atime_ns);
	s.mtime = spec(st->mtime_ns);
	s.ctime = spec(st->ctime_ns);
	return copy_to_user(user, &s, sizeof(s));
}

static int stat_fd(int fd, struct kstat *st)
{
	struct file *f = fd_get(fd);
	int r;

	if (!f)
		return -EBADF;
	r = file_stat(f, st);
	file_put(f);
	return r;
}

static int stat_path(int dirfd, const char *path, unsigned flags, struct kstat *st)
{
	struct vnode *v;
	char first = 0;
	int r;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC))
		return -EINVAL;
	if ((flags & AT_EMPTY_PATH) && dirfd >= 0) {
		if (path && copy_from_user(&first, path, 1))
			return -EFAULT;
		if (!first)
			return stat_fd(dirfd, st);
	}
	r = at_vnode(dirfd, path, flags, &v);
	if (r)
		return r;
	r = vnode_stat(v, st);
	vnode_put(v);
	return r;
}

long sys_fstat(int fd, void *user)
{
	struct kstat st;

	return stat_out(stat_fd(fd, &st), &st, user);
}

long sys_stat(const char *path, void *user)
{
	struct kstat st;

	return stat_out(stat_path(AT_FDCWD, path, 0, &st), &st, user);
}

long sys_lstat(const char *path, void *user)
{
	struct kstat st;

	return stat_out(stat_path(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st), &st, user);
}

long sys_newfstatat(int dirfd, const char *path, void *user, unsigned flags)
{
	struct kstat st;

	return stat_out(stat_path(dirfd, path, flags, &st), &st, user);
}

static struct statx_time xtime(int64_t ns)
{
	struct statx_time t = { ns / 1000000000, (uint32_t)(ns % 1000000000), 0 };

	return t;
}

long sys_statx(int dirfd, const char *path, unsigned flags, unsigned mask, void *user)
{
	struct linux_statx x = { .mask = STATX_BASIC_STATS };
	struct kstat st;
	long r;

	if ((mask & STATX_RESERVED) || (flags & AT_STATX_SYNC) == AT_STATX_SYNC)
		return -EINVAL;
	r = stat_path(dirfd, path, flags, &st);
	if (r)
		return r;
	x.blksize = st.blksize;
	x.nlink = (uint32_t)st.nlink;
	x.uid = st.uid;
	x.gid = st.gid;
	x.mode = (uint16_t)st.mode;
	x.ino = st.ino;
	x.size = st.size;
	x.blocks = st.blocks;
	x.atime = xtime(st.atime_ns);
	x.ctime = xtime(st.ctime_ns);
	x.mtime = xtime(st.mtime_ns);
	x.rdev_major = (uint32_t)DEV_MAJOR(st.rdev);
	x.rdev_minor = (uint32_t)DEV_MINOR(st.rdev);
	x.dev_minor = (uint32_t)st.dev;
	return copy_to_user(user, &x, sizeof(x));
}
