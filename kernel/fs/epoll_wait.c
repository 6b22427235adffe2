// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// epoll_wait and its younger relatives.
#include <fs/epoll.h>
#include <fs/wait_time.h>

static long do_wait(int epfd, struct epoll_event_user *events, int max, uint64_t deadline)
{
	struct file *f = fd_get(epfd);
	struct epoll *e;
	struct waiter w;
	long r;

	if (!f)
		return -EBADF;
	e = epoll_of(f);
	if (!e || max <= 0 || (size_t)max > INT32_MAX / sizeof(*events)) {
		file_put(f);
		return -EINVAL;
	}
	r = epoll_collect(e, events, max);
	if (!r && deadline) {
		wait_begin(&e->wait, &w);
		while (!r && !(r = epoll_collect(e, events, max)))
			r = wait_sleep(deadline, true);
		wait_end(&w);
	}
	file_put(f);
	return r == -ETIMEDOUT ? 0 : r;
}

static uint64_t deadline_ms(int ms)
{
	return ms < 0 ? FOREVER : ms ? deadline_after((uint64_t)ms * 1000000) : 0;
}

long sys_epoll_wait(int epfd, void *events, int max, int ms)
{
	return do_wait(epfd, events, max, deadline_ms(ms));
}

long sys_epoll_pwait(int epfd, void *events, int max, int ms, const void *mask, size_t size)
{
	int r = mask_from_user(mask, size);

	return r ? r : do_wait(epfd, events, max, deadline_ms(ms));
}

long sys_epoll_pwait2(int epfd, void *events, int max, const void *timeout, const void *mask,
		      size_t size)
{
	uint64_t deadline;
	int r = deadline_from_user(timeout, &deadline);

	if (!r)
		r = mask_from_user(mask, size);
	return r ? r : do_wait(epfd, events, max, deadline);
}
