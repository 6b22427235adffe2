// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// signalfd: pending signals are read instead of handled.
#include <fs/abi.h>
#include <fs/file.h>
#include <linux/signal.h>
#include <linux/syscall.h>
#include <mm/mm.h>

struct signalfd_info { // struct signalfd_siginfo, include/uapi/linux/signalfd.h
	uint32_t signo;
	int32_t err, code;
	uint32_t pid, uid;
	int32_t fd;
	uint32_t tid, band, overrun, trapno;
	int32_t status, value_int;
	uint64_t value_ptr, utime, stime, addr;
	uint8_t pad[48];
};
_Static_assert(sizeof(struct signalfd_info) == 128, "struct signalfd_siginfo");

struct signalfd {
	uint64_t mask;
};

static bool some_pending(const struct signalfd *s)
{
	return signal_pending_set(current()) & s->mask;
}

static void info_fill(struct signalfd_info *out, const struct siginfo_lite *in)
{
	memset(out, 0, sizeof(*out));
	out->signo = (uint32_t)in->signo;
	out->err = in->err;
	out->code = in->code;
	out->pid = (uint32_t)in->pid;
	out->uid = (uint32_t)in->uid;
	out->tid = (uint32_t)in->timerid;
	out->overrun = (uint32_t)in->overrun;
	out->value_int = (int32_t)in->addr;
	out->value_ptr = out->addr = in->addr;
	if (in->signo == SIGCHLD)
		out->status = (int32_t)in->addr;
}

static ssize_t signalfd_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct signalfd *s = f->data;
	struct signalfd_info out;
	struct siginfo_lite in;
	ssize_t done = 0, n;
	int r = 0;

	if (it->left < sizeof(out))
		return -EINVAL;
	if (!some_pending(s) && file_nowait(f, nowait))
		return -EAGAIN;
	wait_until(&current_process()->signal_wait, some_pending(s), FOREVER, r);
	if (r)
		return -ERESTARTSYS;
	while (it->left >= sizeof(out) && signal_take(current(), s->mask, &in)) {
		info_fill(&out, &in);
		n = iov_copy_out(it, &out, sizeof(out));
		if (n < (ssize_t)sizeof(out))
			return done ? done : -EFAULT;
		done += n;
	}
	return done;
}

static uint32_t signalfd_poll(struct file *f, struct wait_queue **q)
{
	*q = &current_process()->signal_wait;
	return some_pending(f->data) ? POLLIN : 0;
}

static void signalfd_release(struct file *f)
{
	kfree(f->data);
}

static const struct file_ops signalfd_ops = {
	.kind = "[signalfd]",
	.read = signalfd_read,
	.poll = signalfd_poll,
	.release = signalfd_release,
};

static long signalfd_new(uint64_t mask, unsigned flags)
{
	struct signalfd *s = kmalloc(sizeof(*s));
	struct file *f = s ? file_new(&signalfd_ops, O_RDWR | (flags & O_NONBLOCK), s) : NULL;

	if (!f) {
		kfree(s);
		return -ENOMEM;
	}
	s->mask = mask;
	return fd_install(f, flags & O_CLOEXEC);
}

static long do_signalfd(int fd, const void *user, size_t size, unsigned flags)
{
	struct file *f;
	uint64_t mask;

	if (size != sizeof(mask) || (flags & ~(O_CLOEXEC | O_NONBLOCK)))
		return -EINVAL;
	if (copy_from_user(&mask, user, sizeof(mask)))
		return -EFAULT;
	mask &= ~SIG_UNBLOCKABLE;
	if (fd == -1)
		return signalfd_new(mask, flags);
	f = fd_get(fd);
	if (!f)
		return -EBADF;
	if (f->ops == &signalfd_ops)
		((struct signalfd *)f->data)->mask = mask;
	else
		fd = -EINVAL;
	file_put(f);
	wake_all(&current_process()->signal_wait, POLLIN);
	return fd;
}

long sys_signalfd(int fd, const void *mask, size_t size)
{
	return do_signalfd(fd, mask, size, 0);
}

long sys_signalfd4(int fd, const void *mask, size_t size, unsigned flags)
{
	return do_signalfd(fd, mask, size, flags);
}
