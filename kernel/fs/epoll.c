// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// epoll. An item is a waiter on the queue of the file that it watches. A wake-up puts it on the
// ready list of its epoll; epoll_wait takes items from there, asks each file what is really ready,
// and puts level-triggered ones that were back at the end. So a wait costs what is ready, however
// many are watched. An item lives in three lists: its epoll's, its file's, and maybe the ready
// list. It holds no reference to the file: file_put() calls epoll_forget() when the file goes.
#include <fs/epoll.h>
#include <fs/abi.h>
#include <linux/syscall.h>
#include <mm/mm.h>

#define ALWAYS (POLLERR | POLLHUP)
#define NOT_EVENTS (EPOLLET | EPOLLONESHOT | EPOLLEXCLUSIVE | EPOLLWAKEUP)
#define NESTING_MAX 5

struct item {
	struct waiter w;       // on the file's queue
	// Ready: a list of its own when it is not on the ready list.
	struct list in_epoll, in_file, ready;
	struct epoll *epoll;
	struct file *file;
	int fd;
	// With ALWAYS; only NOT_EVENTS after a oneshot: asleep until EPOLL_CTL_MOD.
	uint32_t events;
	uint64_t data;
};

static void item_ready(struct item *i)
{
	if (list_empty(&i->ready))
		list_add_tail(&i->epoll->ready, &i->ready);
	wake_all(&i->epoll->wait, POLLIN);
}

static void item_notify(struct waiter *w, uint32_t key)
{
	struct item *i = container_of(w, struct item, w);

	if ((i->events & ~NOT_EVENTS) && (!key || (key & i->events)))
		item_ready(i);
}

static uint32_t item_poll(struct item *i, struct wait_queue **q)
{
	struct wait_queue *unused;

	if (!(i->events & ~NOT_EVENTS))
		return 0;
	return i->file->ops->poll(i->file, q ? q : &unused) & i->events & ~NOT_EVENTS;
}

static void item_free(struct item *i)
{
	list_del(&i->w.link);
	list_del(&i->in_epoll);
	list_del(&i->in_file);
	list_del(&i->ready);
	kfree(i);
}

void epoll_forget(struct file *f)
{
	list_for_each_safe(l, &f->epoll)
		item_free(list_entry(l, struct item, in_file));
}

static void epoll_release(struct file *f)
{
	struct epoll *e = f->data;

	list_for_each_safe(l, &e->items)
		item_free(list_entry(l, struct item, in_epoll));
	kfree(e);
}

static uint32_t epoll_poll(struct file *f, struct wait_queue **q)
{
	struct epoll *e = f->data;

	*q = &e->wait;
	list_for_each_safe(l, &e->ready) {
		if (item_poll(list_entry(l, struct item, ready), NULL))
			return POLLIN | POLLRDNORM;
		list_del(l);
	}
	return 0;
}

static const struct file_ops epoll_ops = {
	.kind = "[eventpoll]",
	.poll = epoll_poll,
	.release = epoll_release,
};

struct epoll *epoll_of(struct file *f)
{
	return f->ops == &epoll_ops ? f->data : NULL;
}

// Does watching `inner` lead to `outer`, or too deep?
static bool would_loop(struct epoll *inner, struct epoll *outer, unsigned depth)
{
	if (inner == outer || depth >= NESTING_MAX)
		return true;
	list_for_each(l, &inner->items) {
		struct epoll *next = epoll_of(list_entry(l, struct item, in_epoll)->file);

		if (next && would_loop(next, outer, depth + 1))
			return true;
	}
	return false;
}

static struct item *item_find(struct epoll *e, struct file *f, int fd)
{
	list_for_each(l, &f->epoll) {
		struct item *i = list_entry(l, struct item, in_file);

		if (i->epoll == e && i->fd == fd)
			return i;
	}
	return NULL;
}

static int item_add(struct epoll *e, struct file *f, int fd, const struct epoll_event_user *ev)
{
	struct epoll *inner = epoll_of(f);
	struct wait_queue *q = NULL;
	struct item *i;

	if (inner && would_loop(inner, e, 1))
		return -ELOOP;
	i = kzalloc(sizeof(*i));
	if (!i)
		return -ENOMEM;
	i->epoll = e;
	i->file = f;
	i->fd = fd;
	i->events = ev->events | ALWAYS;
	i->data = ev->data;
	list_init(&i->ready);
	list_add_tail(&e->items, &i->in_epoll);
	list_add_tail(&f->epoll, &i->in_file);
	list_init(&i->w.link);
	i->w.notify = item_notify;
	if (f->ops->poll(f, &q) & i->events & ~NOT_EVENTS)
		item_ready(i);
	if (q)
		list_add_tail(&q->waiters, &i->w.link);
	return 0;
}

static int epoll_control(struct epoll *e, int op, struct file *f, int fd,
			 const struct epoll_event_user *ev)
{
	struct item *i = item_find(e, f, fd);

	if (op == EPOLL_CTL_ADD)
		return i ? -EEXIST : item_add(e, f, fd, ev);
	if (!i)
		return -ENOENT;
	if (op == EPOLL_CTL_DEL) {
		item_free(i);
		return 0;
	}
	if ((ev->events | i->events) & EPOLLEXCLUSIVE)
		return -EINVAL;
	i->events = ev->events | ALWAYS;
	i->data = ev->data;
	if (item_poll(i, NULL))
		item_ready(i);
	return 0;
}

long sys_epoll_ctl(int epfd, int op, int fd, const void *user)
{
	struct epoll_event_user ev = { 0, 0 };
	struct file *ef, *f;
	long r = -EBADF;

	if (op != EPOLL_CTL_DEL && copy_from_user(&ev, user, sizeof(ev)))
		return -EFAULT;
	ef = fd_get(epfd);
	f = fd_get(fd);
	if (!ef || !f)
		goto out;
	r = -EINVAL;
	if (!f->ops->poll)
		r = -EPERM;
	else if (ef != f && epoll_of(ef) && op >= EPOLL_CTL_ADD && op <= EPOLL_CTL_MOD)
		r = epoll_control(epoll_of(ef), op, f, fd, &ev);
out:
	if (ef)
		file_put(ef);
	if (f)
		file_put(f);
	return r;
}

static long epoll_new(unsigned flags)
{
	struct epoll *e = kzalloc(sizeof(*e));
	struct file *f = e ? file_new(&epoll_ops, O_RDWR, e) : NULL;

	if (!f) {
		kfree(e);
		return -ENOMEM;
	}
	list_init(&e->items);
	list_init(&e->ready);
	wait_queue_init(&e->wait);
	return fd_install(f, flags & O_CLOEXEC);
}

long sys_epoll_create1(unsigned flags)
{
	return flags & ~O_CLOEXEC ? -EINVAL : epoll_new(flags);
}

long sys_epoll_create(int size)
{
	return size <= 0 ? -EINVAL : epoll_new(0);
}

int epoll_collect(struct epoll *e, struct epoll_event_user *user, int max)
{
	struct list again = LIST_INIT(again);
	int n = 0, r = 0;

	while (n < max && !list_empty(&e->ready)) {
		struct item *i = list_first(&e->ready, struct item, ready);
		struct epoll_event_user ev = { .data = i->data };

		list_del(&i->ready);
		ev.events = item_poll(i, NULL);
		if (!ev.events)
			continue;
		if (!(i->events & EPOLLET))
			list_add_tail(&again, &i->ready);
		if (copy_to_user(user + n, &ev, sizeof(ev))) {
			if (i->events & EPOLLET)
				list_add_tail(&again, &i->ready);
			r = -EFAULT;
			break;
		}
		if (i->events & EPOLLONESHOT) {
			list_del(&i->ready);
			i->events &= NOT_EVENTS;
		}
		n++;
	}
	while (!list_empty(&again)) {
		struct list *l = again.next;

		list_del(l);
		list_add_tail(&e->ready, l);
	}
	return n ? n : r;
}
