// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// pidfd_open(2), pidfd_send_signal(2): a process by a descriptor, which never comes to mean another
// one. It is readable when the process has ended.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <fs/abi.h>
#include <fs/file.h>
#include <linux/child.h>
#include <linux/signal.h>
#include <linux/syscall.h>

static uint32_t poll(struct file *f, struct wait_queue **q)
{
	struct process *p = f->data;

	*q = &p->ended;
	return p->zombie ? POLLIN | POLLRDNORM : 0;
}

static void release(struct file *f)
{
	process_put(f->data);
}

static const struct file_ops pidfd_ops = { .kind = "[pidfd]", .poll = poll, .release = release };

long pidfd_new(struct process *p, unsigned flags)
{
	struct file *f = file_new(&pidfd_ops, O_RDWR | (flags & O_NONBLOCK), p);

	if (!f)
		return -ENOMEM;
	p->refs++;
	return fd_install(f, true);
}

struct process *pidfd_process(int fd)
{
	struct file *f = fd_get(fd);
	struct process *p = f && f->ops == &pidfd_ops ? f->data : NULL;

	if (p)
		p->refs++;
	if (f)
		file_put(f);
	return p;
}

long sys_pidfd_open(int pid, unsigned flags)
{
	struct process *p = pid > 0 ? process_find(pid) : NULL;

	if (pid <= 0 || (flags & ~O_NONBLOCK))
		return -EINVAL;
	if (!p)
		return thread_find(pid) ? -EINVAL : -ESRCH; // a thread that is no process
	return pidfd_new(p, flags);
}

long sys_pidfd_send_signal(int fd, int signo, const struct siginfo_user *user, unsigned flags)
{
	struct process *p = pidfd_process(fd);
	struct siginfo_lite info = { .signo = signo, .pid = current_process()->pid,
				     .uid = (int32_t)current_process()->uid };
	struct siginfo_user u;
	long r = 0;

	if (!p)
		return -EBADF;
	if (flags || signo < 0 || signo > NSIG_)
		r = -EINVAL;
	else if (user && copy_from_user(&u, user, sizeof(u)))
		r = -EFAULT;
	else if (user && u.signo != signo)
		r = -EINVAL;
	else if (p->zombie && list_empty(&p->link))
		r = -ESRCH;
	else if (!signal_permitted(p, signo))
		r = -EPERM;
	if (user && !r)
		siginfo_from_user(&info, &u);
	if (!r && signo && !p->zombie)
		signal_process(p, &info);
	process_put(p);
	return r;
}
