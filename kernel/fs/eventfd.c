// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// eventfd: a counter that can be waited for.
#include <fs/abi.h>
#include <fs/file.h>
#include <linux/syscall.h>
#include <mm/mm.h>

#define EFD_SEMAPHORE 1

struct eventfd {
	uint64_t count;
	bool semaphore;
	struct wait_queue wait;
};

static ssize_t eventfd_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct eventfd *e = f->data;
	uint64_t value;
	ssize_t n;
	int r = 0;

	if (it->left < sizeof(value))
		return -EINVAL;
	if (!e->count && file_nowait(f, nowait))
		return -EAGAIN;
	wait_until(&e->wait, e->count, FOREVER, r);
	if (r)
		return -ERESTARTSYS;
	value = e->semaphore ? 1 : e->count;
	e->count -= value;
	n = iov_copy_out(it, &value, sizeof(value));
	wake_all(&e->wait, POLLOUT);
	return n;
}

static ssize_t eventfd_write(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct eventfd *e = f->data;
	uint64_t value;
	int r = 0;

	if (it->left < sizeof(value))
		return -EINVAL;
	if (iov_copy_in(it, &value, sizeof(value)) != sizeof(value))
		return -EFAULT;
	if (value == UINT64_MAX)
		return -EINVAL;
	if (UINT64_MAX - e->count <= value && file_nowait(f, nowait))
		return -EAGAIN;
	wait_until(&e->wait, UINT64_MAX - e->count > value, FOREVER, r);
	if (r)
		return -ERESTARTSYS;
	e->count += value;
	wake_all(&e->wait, POLLIN);
	return sizeof(value);
}

static uint32_t eventfd_poll(struct file *f, struct wait_queue **q)
{
	struct eventfd *e = f->data;

	*q = &e->wait;
	return (e->count ? POLLIN : 0) | (e->count < UINT64_MAX - 1 ? POLLOUT : 0) |
	       (e->count == UINT64_MAX ? POLLERR : 0);
}

static void eventfd_release(struct file *f)
{
	kfree(f->data);
}

static const struct file_ops eventfd_ops = {
	.kind = "[eventfd]",
	.read = eventfd_read,
	.write = eventfd_write,
	.poll = eventfd_poll,
	.release = eventfd_release,
};

static long do_eventfd(unsigned count, unsigned flags)
{
	struct eventfd *e;
	struct file *f;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | EFD_SEMAPHORE))
		return -EINVAL;
	e = kzalloc(sizeof(*e));
	f = e ? file_new(&eventfd_ops, O_RDWR | (flags & O_NONBLOCK), e) : NULL;
	if (!f) {
		kfree(e);
		return -ENOMEM;
	}
	e->count = count;
	e->semaphore = flags & EFD_SEMAPHORE;
	wait_queue_init(&e->wait);
	return fd_install(f, flags & O_CLOEXEC);
}

long sys_eventfd(unsigned count)
{
	return do_eventfd(count, 0);
}

long sys_eventfd2(unsigned count, unsigned flags)
{
	return do_eventfd(count, flags);
}
