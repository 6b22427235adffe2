// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// fcntl.
#include <fs/abi.h>
#include <fs/locks.h>
#include <fs/memfd.h>
#include <fs/pipe.h>
#include <fs/vnode.h>
#include <linux/process.h>

#pragma weak pipe_capacity

enum { // include/uapi/asm-generic/fcntl.h, linux/fcntl.h
	F_DUPFD = 0, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW,
	F_SETOWN, F_GETOWN, F_SETSIG, F_GETSIG,
	F_OFD_GETLK = 36, F_OFD_SETLK, F_OFD_SETLKW,
	F_DUPFD_CLOEXEC = 1030, F_SETPIPE_SZ, F_GETPIPE_SZ, F_ADD_SEALS, F_GET_SEALS,
};
#define SETTABLE (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME | 020000 /* FASYNC */)

struct flock_user {
	int16_t type, whence; // F_RDLCK 0, F_WRLCK 1, F_UNLCK 2
	int64_t start, len;
	int32_t pid;
};
_Static_assert(sizeof(struct flock_user) == 32, "struct flock of x86-64");

// Gives the range in *l, or a negative errno.
static int lock_range(struct file *f, const struct flock_user *u, struct lock *l)
{
	int64_t base = 0, start;
	struct kstat st;
	int r;

	if (u->whence == SEEK_CUR) {
		base = (int64_t)f->pos;
	} else if (u->whence == SEEK_END) {
		r = file_stat(f, &st);
		if (r)
			return r;
		base = (int64_t)st.size;
	} else if (u->whence != SEEK_SET) {
		return -EINVAL;
	}
	if (__builtin_add_overflow(base, u->start, &start))
		return -EOVERFLOW;
	if (u->len < 0)
		start += u->len;
	if (start < 0)
		return -EINVAL;
	l->start = (uint64_t)start;
	l->end = u->len ? l->start + (uint64_t)(u->len < 0 ? -u->len : u->len) : UINT64_MAX;
	return l->end > (uint64_t)INT64_MAX + 1 && u->len ? -EOVERFLOW : 0;
}

static long fcntl_lock(struct file *f, int cmd, void *user)
{
	bool get = cmd == F_GETLK || cmd == F_OFD_GETLK, ofd = cmd >= F_OFD_GETLK;
	struct process *p = current_process();
	struct lock l = { .owner = ofd ? (void *)f : (void *)p->files, .file = ofd ? f : NULL,
			  .pid = ofd ? -1 : p->pid, .vnode = f->vnode, .kind = LOCK_RANGE };
	const struct lock *other = NULL;
	struct flock_user u;
	int r;

	if (copy_from_user(&u, user, sizeof(u)))
		return -EFAULT;
	if (u.type < 0 || u.type > 2 || (get && u.type == LOCK_NONE) || (ofd && u.pid))
		return -EINVAL;
	r = lock_range(f, &u, &l);
	if (r)
		return r;
	l.type = (enum lock_type)u.type;
	if (!get && l.type != LOCK_NONE &&
	    (f->flags & O_ACCMODE) == (l.type == LOCK_READ ? O_WRONLY : O_RDONLY))
		return -EBADF;
	if (!get)
		return f->vnode ? lock_set(&l, cmd == F_OFD_SETLKW || cmd == F_SETLKW) : 0;
	if (f->vnode)
		other = lock_conflict(&l);
	u.type = LOCK_NONE;
	if (other) {
		u = (struct flock_user){ .type = (int16_t)other->type,
					 .start = (int64_t)other->start,
					 .pid = other->pid };
		u.len = other->end == UINT64_MAX ? 0 : (int64_t)(other->end - other->start);
	}
	return copy_to_user(user, &u, sizeof(u));
}

static long fcntl_dup(struct file *f, long lowest, bool cloexec)
{
	if (lowest < 0 || lowest >= fd_limit())
		return -EINVAL;
	return fd_install_from(file_get(f), (int)lowest, cloexec);
}

// What an O_PATH descriptor may not.
static long fcntl_file(struct file *f, int cmd, unsigned long arg)
{
	switch (cmd) {
	case F_SETFL:
		f->flags = (f->flags & ~SETTABLE) | ((unsigned)arg & SETTABLE);
		return 0;
	case F_GETLK: case F_SETLK: case F_SETLKW:
	case F_OFD_GETLK: case F_OFD_SETLK: case F_OFD_SETLKW:
		return fcntl_lock(f, cmd, (void *)arg);
	case F_SETOWN: case F_SETSIG: // who gets SIGIO: nothing sends it
		return 0;
	case F_GETOWN: case F_GETSIG:
		return 0;
	case F_SETPIPE_SZ:
		return (int)arg < 0 ? -EINVAL : pipe_capacity ? pipe_capacity(f, (int)arg) : -EBADF;
	case F_GETPIPE_SZ:
		return pipe_capacity ? pipe_capacity(f, -1) : -EBADF;
	case F_ADD_SEALS:
		if ((f->flags & O_ACCMODE) == O_RDONLY)
			return -EPERM;
		return memfd_add_seals ? memfd_add_seals(f, (unsigned)arg) : -EINVAL;
	case F_GET_SEALS:
		return memfd_get_seals ? memfd_get_seals(f) : -EINVAL;
	default:
		return -EINVAL;
	}
}

long sys_fcntl(int fd, int cmd, unsigned long arg)
{
	struct file *f = fd_get(fd);
	long r;

	if (!f)
		return -EBADF;
	if (cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC)
		r = fcntl_dup(f, (int)arg, cmd == F_DUPFD_CLOEXEC);
	else if (cmd == F_GETFD)
		r = fd_cloexec(fd, -1);
	else if (cmd == F_SETFD)
		r = (fd_cloexec(fd, arg & 1), 0);
	else if (cmd == F_GETFL)
		r = f->flags & ~(unsigned)O_CLOEXEC;
	else
		r = f->flags & O_PATH ? -EBADF : fcntl_file(f, cmd, arg);
	file_put(f);
	return r;
}
