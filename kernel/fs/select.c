// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// select and pselect6, on top of poll_items().
#include <fs/poll.h>
#include <fs/wait_time.h>
#include <linux/syscall.h>
#include <mm/mm.h>

// What the three sets ask for: fs/select.c of Linux.
static const uint16_t set_events[3] = {
	POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR,
	POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR,
	POLLPRI,
};

struct select {
	unsigned n, words;
	uint64_t *bits[3];      // kernel copies, one after the other
	struct poll_item *items; // one for each descriptor below n
};

static int select_in(struct select *s, void *const user[3])
{
	for (unsigned k = 0; k < 3; k++) {
		if (user[k] && copy_from_user(s->bits[k], user[k], s->words * 8))
			return -EFAULT;
		for (unsigned fd = 0; fd < s->n; fd++) {
			if (s->bits[k][fd / 64] & 1ull << fd % 64)
				s->items[fd].events |= set_events[k];
		}
	}
	for (unsigned fd = 0; fd < s->n; fd++) {
		if (!s->items[fd].events)
			continue;
		s->items[fd].file = fd_get((int)fd);
		if (!s->items[fd].file)
			return -EBADF;
	}
	return 0;
}

static int select_out(struct select *s, void *const user[3])
{
	int count = 0;

	for (unsigned k = 0; k < 3; k++) {
		for (unsigned fd = 0; fd < s->n; fd++) {
			uint64_t bit = 1ull << fd % 64;

			if (!(s->bits[k][fd / 64] & bit))
				continue;
			if (s->items[fd].ready & set_events[k])
				count++;
			else
				s->bits[k][fd / 64] &= ~bit;
		}
		if (user[k] && copy_to_user(user[k], s->bits[k], s->words * 8))
			return -EFAULT;
	}
	return count;
}

static long do_select(int n, void *const user[3], uint64_t deadline)
{
	struct select s = { 0 };
	uint8_t *memory;
	long r;

	if (n < 0)
		return -EINVAL;
	s.n = MIN((unsigned)n, fd_limit());
	s.words = (s.n + 63) / 64;
	memory = kzalloc(s.words * 24 + s.n * sizeof(*s.items) + 8);
	if (!memory)
		return -ENOMEM;
	for (unsigned k = 0; k < 3; k++)
		s.bits[k] = (uint64_t *)memory + k * s.words;
	s.items = (struct poll_item *)((uint64_t *)memory + 3 * s.words);
	r = select_in(&s, user);
	n = poll_items(s.items, s.n, r ? 0 : deadline);
	if (!r)
		r = n >= 0 ? select_out(&s, user) : n;
	kfree(memory);
	return r;
}

// The time that is left, in units of a second / `unit` ns each: 1000 for timeval, 1 for timespec.
static void left_out(void *user, uint64_t deadline, unsigned unit)
{
	uint64_t now = time_now(), left = deadline > now ? deadline - now : 0;
	struct linux_timespec t = { (int64_t)(left / NSEC), (int64_t)(left % NSEC / unit) };

	if (user && deadline != FOREVER)
		(void)copy_to_user(user, &t, sizeof(t)); // Linux, too, does not fail for this
}

long sys_select(int n, void *in, void *out, void *ex, void *timeout)
{
	void *const user[3] = { in, out, ex };
	uint64_t deadline = FOREVER, ns;
	struct linux_timespec t;
	long r;

	if (timeout) {
		if (copy_from_user(&t, timeout, sizeof(t)))
			return -EFAULT;
		t.sec += t.nsec / 1000000; // a timeval: Linux accepts any number of microseconds
		t.nsec = t.nsec % 1000000 * 1000;
		if (timespec_ns(&t, &ns))
			return -EINVAL;
		deadline = ns ? deadline_after(ns) : 0;
	}
	r = do_select(n, user, deadline);
	left_out(timeout, deadline, 1000);
	return r == -EINTR ? -ERESTARTNOHAND : r;
}

long sys_pselect6(int n, void *in, void *out, void *ex, void *timeout, const void *mask_arg)
{
	struct {
		const void *mask;
		size_t size;
	} mask = { NULL, 0 };
	void *const user[3] = { in, out, ex };
	uint64_t deadline;
	long r = deadline_from_user(timeout, &deadline);

	if (!r && mask_arg && copy_from_user(&mask, mask_arg, sizeof(mask)))
		r = -EFAULT;
	if (!r)
		r = mask_from_user(mask.mask, mask.size);
	if (r)
		return r;
	r = do_select(n, user, deadline);
	left_out(timeout, deadline, 1);
	return r == -EINTR ? -ERESTARTNOHAND : r;
}
