// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// read, write and their relatives: all end in rw().
#include <fs/abi.h>
#include <fs/file.h>
#include <mm/mm.h>

#define RWF_HIPRI 0x1
#define RWF_DSYNC 0x2
#define RWF_SYNC 0x4
#define RWF_NOWAIT 0x8
#define RWF_APPEND 0x10

enum { RW_READ, RW_WRITE };
#define POS_OF_FILE (-1)

static long rw(int fd, struct iov_iter *it, int64_t off, int what, bool nowait)
{
	struct file *f = fd_get(fd);
	unsigned barred = what == RW_READ ? O_WRONLY : O_RDONLY;
	uint64_t at = (uint64_t)off, *pos = &at;
	long r = -EBADF;

	if (!f)
		return r;
	if ((f->flags & O_ACCMODE) == barred || (f->flags & O_PATH))
		goto out;
	r = -EINVAL;
	if (what == RW_READ ? !f->ops->read : !f->ops->write)
		goto out;
	if (off == POS_OF_FILE)
		pos = f->ops->seek ? &f->pos : NULL;
	else if (!f->ops->seek)
		r = -ESPIPE;
	else if (off < 0)
		r = -EINVAL;
	if (off != POS_OF_FILE && (!f->ops->seek || off < 0))
		goto out;
	r = (what == RW_READ ? f->ops->read : f->ops->write)(f, it, pos, nowait);
out:
	file_put(f);
	return r;
}

static long rw_one(int fd, void *buf, size_t n, int64_t off, int what)
{
	struct iov_iter it;
	struct iov one;

	iov_iter_one(&it, &one, buf, MIN(n, (size_t)RW_MAX));
	return rw(fd, &it, off, what, false);
}

static long rw_vec(int fd, const void *vec, size_t count, int64_t off, int what, bool nowait)
{
	struct iov fast[8], *alloc = NULL;
	struct iov_iter it;
	long r = iov_import(&it, vec, count, fast, ARRAY_LEN(fast), &alloc);

	if (r)
		return r;
	r = rw(fd, &it, off, what, nowait);
	kfree(alloc);
	return r;
}

long sys_read(int fd, void *buf, size_t n) { return rw_one(fd, buf, n, POS_OF_FILE, RW_READ); }
long sys_write(int fd, void *buf, size_t n) { return rw_one(fd, buf, n, POS_OF_FILE, RW_WRITE); }

// -1 is how rw() is told of the file's own position: a program's negative offset is another
// negative number.
static int64_t checked(int64_t off)
{
	return off < 0 ? INT64_MIN : off;
}

long sys_pread64(int fd, void *buf, size_t n, int64_t off)
{
	return rw_one(fd, buf, n, checked(off), RW_READ);
}
long sys_pwrite64(int fd, void *buf, size_t n, int64_t off)
{
	return rw_one(fd, buf, n, checked(off), RW_WRITE);
}
long sys_readv(int fd, const void *vec, size_t count)
{
	return rw_vec(fd, vec, count, POS_OF_FILE, RW_READ, false);
}
long sys_writev(int fd, const void *vec, size_t count)
{
	return rw_vec(fd, vec, count, POS_OF_FILE, RW_WRITE, false);
}

long sys_preadv(int fd, const void *vec, size_t count, int64_t off)
{
	return rw_vec(fd, vec, count, checked(off), RW_READ, false);
}

long sys_pwritev(int fd, const void *vec, size_t count, int64_t off)
{
	return rw_vec(fd, vec, count, checked(off), RW_WRITE, false);
}

static long rw_vec2(int fd, const void *vec, size_t count, int64_t off, unsigned flags, int what)
{
	if (flags & ~(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT))
		return -EOPNOTSUPP;
	return rw_vec(fd, vec, count, off == -1 ? POS_OF_FILE : checked(off), what,
		      flags & RWF_NOWAIT);
}

long sys_preadv2(int fd, const void *vec, size_t count, int64_t off, uint64_t high, unsigned flags)
{
	return rw_vec2(fd, vec, count, off, flags, RW_READ);
}

long sys_pwritev2(int fd, const void *vec, size_t count, int64_t off, uint64_t high, unsigned flags)
{
	return rw_vec2(fd, vec, count, off, flags, RW_WRITE);
}

long sys_lseek(int fd, int64_t off, unsigned whence)
{
	struct file *f = fd_get(fd);
	long r;

	if (!f)
		return -EBADF;
	r = f->flags & O_PATH ? -EBADF : f->ops->seek ? f->ops->seek(f, off, (int)whence) : -ESPIPE;
	file_put(f);
	return r;
}
