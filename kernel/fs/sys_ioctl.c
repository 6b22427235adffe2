// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// ioctl: what concerns every descriptor is done here, the rest by the file.
#include <fs/abi.h>
#include <fs/file.h>
#include <fs/vnode.h>

#define FIONREAD 0x541b /* include/uapi/asm-generic/ioctls.h */
#define FIONBIO 0x5421
#define FIONCLEX 0x5450
#define FIOCLEX 0x5451
#define FIOASYNC 0x5452

#define FASYNC 020000 /* include/uapi/asm-generic/fcntl.h; kept for who asks: nothing sends SIGIO */

static long ioctl_flag(struct file *f, const void *user, unsigned flag)
{
	int on;

	if (copy_from_user(&on, user, sizeof(on)))
		return -EFAULT;
	f->flags = on ? f->flags | flag : f->flags & ~flag;
	return 0;
}

static long ioctl_readable(struct file *f, void *user)
{
	struct kstat st;
	int left, r;

	r = vnode_stat(f->vnode, &st);
	if (r)
		return r;
	left = (int)(st.size - f->pos);
	return copy_to_user(user, &left, sizeof(left));
}

long sys_ioctl(int fd, unsigned cmd, unsigned long arg)
{
	struct file *f = fd_get(fd);
	long r = -ENOTTY;

	if (!f)
		return -EBADF;
	if (f->flags & O_PATH)
		r = -EBADF;
	else if (cmd == FIONBIO)
		r = ioctl_flag(f, (void *)arg, O_NONBLOCK);
	else if (cmd == FIOASYNC && !f->vnode)
		r = ioctl_flag(f, (void *)arg, FASYNC);
	else if (cmd == FIOCLEX || cmd == FIONCLEX)
		r = (fd_cloexec(fd, cmd == FIOCLEX), 0);
	else if (cmd == FIONREAD && f->vnode && (f->vnode->mode & S_IFMT) == S_IFREG)
		r = ioctl_readable(f, (void *)arg);
	else if (f->ops->ioctl)
		r = f->ops->ioctl(f, cmd, arg);
	file_put(f);
	return r;
}
