// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See poll.h; poll and ppoll.
#include <fs/poll.h>
#include <fs/wait_time.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <mm/mm.h>

uint32_t poll_file(struct file *f, struct wait_queue **q)
{
	return f->ops->poll ? f->ops->poll(f, q) : POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
}

// Looks at all; with `enter` also enters their queues.
static int look(struct poll_item *items, unsigned n, bool enter)
{
	int count = 0;

	for (unsigned k = 0; k < n; k++) {
		struct poll_item *i = &items[k];
		struct wait_queue *q = NULL;

		if (i->file) {
			i->ready = (uint16_t)(poll_file(i->file, &q) &
					      (i->events | POLLERR | POLLHUP));
			if (enter && q) {
				wait_begin(q, &i->w);
				i->waiting = true;
			}
		}
		count += i->ready != 0;
	}
	return count;
}

int poll_items(struct poll_item *items, unsigned n, uint64_t deadline)
{
	int count = look(items, n, false), r = 0;

	if (!count && deadline) {
		count = look(items, n, true);
		while (!count && !r) {
			r = wait_sleep(deadline, true);
			count = look(items, n, false);
		}
	}
	for (unsigned k = 0; k < n; k++) {
		if (items[k].waiting)
			wait_end(&items[k].w);
		if (items[k].file)
			file_put(items[k].file);
	}
	return count ? count : r == -ETIMEDOUT ? 0 : r;
}

struct pollfd_user {
	int32_t fd;
	int16_t events, revents;
};

static int poll_in(struct poll_item *items, const struct pollfd_user *user, unsigned n)
{
	struct pollfd_user p;

	for (unsigned k = 0; k < n; k++) {
		if (copy_from_user(&p, user + k, sizeof(p)))
			return -EFAULT;
		if (p.fd < 0)
			continue;
		items[k].events = (uint16_t)p.events;
		items[k].file = fd_get(p.fd);
		if (!items[k].file)
			items[k].ready = POLLNVAL;
	}
	return 0;
}

static int poll_out(const struct poll_item *items, struct pollfd_user *user, unsigned n)
{
	for (unsigned k = 0; k < n; k++) {
		int16_t ready = (int16_t)items[k].ready;

		if (copy_to_user(&user[k].revents, &ready, sizeof(ready)))
			return -EFAULT;
	}
	return 0;
}

static long do_poll(struct pollfd_user *user, unsigned n, uint64_t deadline)
{
	struct poll_item *items;
	int r, count;

	if (n > fd_limit())
		return -EINVAL;
	items = kzalloc((n ? n : 1) * sizeof(*items));
	if (!items)
		return -ENOMEM;
	r = poll_in(items, user, n);
	count = poll_items(items, n, r ? 0 : deadline);
	if (!r && count >= 0)
		r = poll_out(items, user, n);
	kfree(items);
	return r ? r : count;
}

static long poll_again(struct thread *t)
{
	long r = do_poll((struct pollfd_user *)t->restart_args[0], (unsigned)t->restart_args[1],
			 t->restart_deadline);

	return r == -EINTR ? -ERESTART_RESTARTBLOCK : r;
}

long sys_poll(void *user, unsigned n, int ms)
{
	uint64_t deadline = ms < 0 ? FOREVER : ms ? deadline_after((uint64_t)ms * 1000000) : 0;
	struct thread *t = current();
	long r = do_poll(user, n, deadline);

	if (r != -EINTR)
		return r;
	t->restart = poll_again;
	t->restart_args[0] = (uintptr_t)user;
	t->restart_args[1] = n;
	t->restart_deadline = deadline;
	return -ERESTART_RESTARTBLOCK;
}

long sys_ppoll(void *user, unsigned n, void *timeout, const void *mask, size_t size)
{
	uint64_t deadline, now;
	struct linux_timespec left = { 0, 0 };
	long r = deadline_from_user(timeout, &deadline);

	if (!r)
		r = mask_from_user(mask, size);
	if (r)
		return r;
	r = do_poll(user, n, deadline);
	now = time_now();
	if (timeout && deadline != FOREVER) {
		if (deadline > now)
			left = (struct linux_timespec){ (int64_t)((deadline - now) / NSEC),
							(int64_t)((deadline - now) % NSEC) };
		if (copy_to_user(timeout, &left, sizeof(left)) && r == -EINTR)
			return -EINTR;
	}
	return r == -EINTR ? -ERESTARTNOHAND : r;
}
