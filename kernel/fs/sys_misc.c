// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What asks for little: statfs, fsync and its kind, advice, extended attributes (there are none).
#include <fs/at.h>
#include <fs/volfs.h>
#include <mm/mm.h>

struct statfs_user { // arch/x86: struct statfs
	int64_t type, bsize;
	uint64_t blocks, bfree, bavail, files, ffree;
	int32_t fsid[2];
	int64_t namelen, frsize, flags, spare[4];
};
_Static_assert(sizeof(struct statfs_user) == 120, "struct statfs of x86-64");
#define TMPFS_MAGIC 0x01021994 /* include/uapi/linux/magic.h */
#define PROC_SUPER_MAGIC 0x9fa0
#define SYSFS_MAGIC 0x62656572
#define PIPEFS_MAGIC 0x50495045
#define SOCKFS_MAGIC 0x534f434b
#define ANON_INODE_FS_MAGIC 0x09041934
#define ST_NOATIME 0x400 /* reading sets no times */
#define ST_VALID 0x20    /* the flags are meant */

static int64_t magic(const struct kstat *st)
{
	switch (st->mode & S_IFMT) {
	case S_IFIFO: return st->dev == DEV_ROOT ? TMPFS_MAGIC : PIPEFS_MAGIC;
	case S_IFSOCK: return st->dev == DEV_ROOT ? TMPFS_MAGIC : SOCKFS_MAGIC;
	case 0: return ANON_INODE_FS_MAGIC;
	default:
		return st->dev == DEV_PROC ? PROC_SUPER_MAGIC :
		       st->dev == DEV_SYS  ? SYSFS_MAGIC :
					     TMPFS_MAGIC;
	}
}

static long statfs_out(struct vnode *v, const struct kstat *of, void *user)
{
	struct statfs_user s = { .type = magic(of),
				 .bsize = PAGE_SIZE,
				 .frsize = PAGE_SIZE,
				 .namelen = NAME_MAX,
				 .flags = ST_VALID | ST_NOATIME };

	if (v && v->ops->statfs) {
		struct kstatfs st;
		int r = v->ops->statfs(v, &st);

		if (r)
			return r;
		s = (struct statfs_user){ .type = (int64_t)st.type, .bsize = (int64_t)st.bsize,
					  .blocks = st.blocks, .bfree = st.bfree,
					  .bavail = st.bavail, .files = st.files,
					  .ffree = st.ffree, .namelen = (int64_t)st.namelen,
					  .frsize = (int64_t)st.frsize,
					  .flags = (int64_t)st.flags };
		return copy_to_user(user, &s, sizeof(s));
	}
	if (s.type == TMPFS_MAGIC)
		s.blocks = frame_total();
	if (s.blocks)
		s.bfree = s.bavail = frame_available();
	s.files = s.blocks * 4;
	s.ffree = s.bfree * 4;
	return copy_to_user(user, &s, sizeof(s));
}

long sys_statfs(const char *path, void *user)
{
	struct kstat st;
	struct vnode *v;
	long r = at_vnode(AT_FDCWD, path, 0, &v);

	if (r)
		return r;
	r = vnode_stat(v, &st);
	if (!r)
		r = statfs_out(v, &st, user);
	vnode_put(v);
	return r;
}

long sys_fstatfs(int fd, void *user)
{
	struct file *f = fd_get(fd);
	struct kstat st;
	long r;

	if (!f)
		return -EBADF;
	r = file_stat(f, &st);
	if (!r)
		r = statfs_out(f->vnode, &st, user);
	file_put(f);
	return r;
}

static long do_fsync(int fd, bool data)
{
	struct file *f = fd_get(fd);
	long r;

	if (!f)
		return -EBADF;
	r = f->flags & O_PATH ? -EBADF : f->ops->fsync ? f->ops->fsync(f, data) : -EINVAL;
	file_put(f);
	return r;
}

long sys_fsync(int fd) { return do_fsync(fd, false); }
long sys_fdatasync(int fd) { return do_fsync(fd, true); }

// Memory is as safe as it gets.
long sys_sync(void)
{
	volfs_sync(NULL);
	return 0;
}

long sys_syncfs(int fd)
{
	struct file *f = fd_get(fd);
	long r = 0;

	if (!f)
		return -EBADF;
	if (f->vnode && volfs_has(f->vnode))
		r = volfs_sync(f->vnode);
	file_put(f);
	return r;
}

static long advise(int fd, int other)
{
	struct file *f = fd_get(fd);
	long r;

	if (!f)
		return -EBADF;
	r = f->flags & O_PATH ? -EBADF : f->ops->seek ? 0 : other;
	file_put(f);
	return r;
}

// Everything is in memory, so advice changes nothing.
long sys_fadvise64(int fd, int64_t off, int64_t len, int advice)
{
	long r = advise(fd, -ESPIPE);

	return r ? r : len < 0 || advice < 0 || advice > 5 ? -EINVAL : 0;
}

long sys_readahead(int fd, int64_t off, size_t count)
{
	return advise(fd, -EINVAL);
}

long sys_sync_file_range(int fd, int64_t off, int64_t len, unsigned flags)
{
	long r = advise(fd, -ESPIPE);

	return r ? r : off < 0 || len < 0 || (flags & ~7u) ? -EINVAL : 0;
}
