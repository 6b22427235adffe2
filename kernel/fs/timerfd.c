// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// timerfd: a timer that is read. It expires at `next`, and then every `interval`; expirations not
// yet read are counted when they are asked for, so a timer nobody looks at costs one wake-up.
#include <fs/file.h>
#include <fs/wait_time.h>
#include <linux/syscall.h>
#include <mm/mm.h>

#define TFD_TIMER_ABSTIME 1
#define TFD_TIMER_CANCEL_ON_SET 2

struct itimerspec_user {
	struct linux_timespec interval, value;
};

struct timerfd {
	struct timer timer;
	uint64_t next, interval; // monotonic; next FOREVER: not armed
	uint64_t expired;        // counted and not yet read
	bool wall;
	struct wait_queue wait;
};

static void timerfd_count(struct timerfd *t)
{
	uint64_t now = time_now(), n = 1;

	if (now < t->next || t->next == FOREVER)
		return;
	if (t->interval)
		n += (now - t->next) / t->interval;
	t->expired += n;
	t->next = t->interval ? t->next + n * t->interval : FOREVER;
}

static void timerfd_fire(struct timer *timer);

static void timerfd_arm(struct timerfd *t)
{
	if (t->next != FOREVER)
		timer_set(&t->timer, t->next, timerfd_fire);
}

static void timerfd_fire(struct timer *timer)
{
	struct timerfd *t = container_of(timer, struct timerfd, timer);

	timerfd_count(t);
	wake_all(&t->wait, POLLIN);
	// The next expiry only wakes who has read this one: timerfd_read() arms it again.
}

static ssize_t timerfd_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct timerfd *t = f->data;
	uint64_t n;
	int r = 0;

	if (it->left < sizeof(n))
		return -EINVAL;
	timerfd_count(t);
	if (!t->expired && file_nowait(f, nowait))
		return -EAGAIN;
	wait_until(&t->wait, (timerfd_count(t), t->expired), FOREVER, r);
	if (r)
		return -ERESTARTSYS;
	n = t->expired;
	t->expired = 0;
	timerfd_arm(t);
	return iov_copy_out(it, &n, sizeof(n));
}

static uint32_t timerfd_poll(struct file *f, struct wait_queue **q)
{
	struct timerfd *t = f->data;

	*q = &t->wait;
	timerfd_count(t);
	return t->expired ? POLLIN : 0;
}

static void timerfd_release(struct file *f)
{
	timer_cancel(&((struct timerfd *)f->data)->timer);
	kfree(f->data);
}

static const struct file_ops timerfd_ops = {
	.kind = "[timerfd]",
	.read = timerfd_read,
	.poll = timerfd_poll,
	.release = timerfd_release,
};

long sys_timerfd_create(int clock, unsigned flags)
{
	struct timerfd *t;
	struct file *f;

	if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) ||
	    (clock != 0 && clock != 1 && (clock < 7 || clock > 9)))
		return -EINVAL;
	t = kzalloc(sizeof(*t));
	f = t ? file_new(&timerfd_ops, O_RDWR | (flags & O_NONBLOCK), t) : NULL;
	if (!f) {
		kfree(t);
		return -ENOMEM;
	}
	t->next = FOREVER;
	t->wall = clock == 0 || clock == 8;
	wait_queue_init(&t->wait);
	return fd_install(f, flags & O_CLOEXEC);
}

static struct timerfd *timerfd_of(int fd, struct file **f, long *err)
{
	*f = fd_get(fd);
	*err = *f ? -EINVAL : -EBADF;
	if (!*f)
		return NULL;
	if ((*f)->ops == &timerfd_ops)
		return (*f)->data;
	file_put(*f);
	return NULL;
}

static struct linux_timespec timespec_of(uint64_t ns)
{
	struct linux_timespec t = { (int64_t)(ns / NSEC), (int64_t)(ns % NSEC) };

	return t;
}

static long timerfd_report(struct timerfd *t, void *user)
{
	struct itimerspec_user u;
	uint64_t now = time_now();

	timerfd_count(t);
	u.interval = timespec_of(t->interval);
	u.value = timespec_of(t->next == FOREVER ? 0 : t->next - now);
	return copy_to_user(user, &u, sizeof(u));
}

long sys_timerfd_gettime(int fd, void *user)
{
	struct file *f;
	long r;
	struct timerfd *t = timerfd_of(fd, &f, &r);

	if (!t)
		return r;
	r = timerfd_report(t, user);
	file_put(f);
	return r;
}

static void timerfd_set(struct timerfd *t, uint64_t value, uint64_t interval, bool absolute)
{
	uint64_t wall = t->wall ? (uint64_t)time_wall_offset() : 0;

	timer_cancel(&t->timer);
	t->expired = 0;
	t->interval = interval;
	if (!value)
		t->next = FOREVER;
	else if (!absolute)
		t->next = deadline_after(value);
	else
		t->next = value == FOREVER ? FOREVER : value > wall ? value - wall : 0;
	timerfd_arm(t);
}

long sys_timerfd_settime(int fd, unsigned flags, const void *new_user, void *old_user)
{
	struct itimerspec_user u;
	uint64_t value, interval;
	struct timerfd *t;
	struct file *f;
	long r;

	if (flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET))
		return -EINVAL;
	if (copy_from_user(&u, new_user, sizeof(u)))
		return -EFAULT;
	if (timespec_ns(&u.value, &value) || timespec_ns(&u.interval, &interval))
		return -EINVAL;
	t = timerfd_of(fd, &f, &r);
	if (!t)
		return r;
	r = old_user ? timerfd_report(t, old_user) : 0;
	timerfd_set(t, value, interval, flags & TFD_TIMER_ABSTIME);
	file_put(f);
	return r;
}
