// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// inotify: a file from which events are read. A watch holds a reference to what it watches; watches
// of all instances are in one table by vnode. Events wait in the instance's queue; one that is
// equal to the last is not queued again, and too many end in IN_Q_OVERFLOW, as inotify(7) says.
#include <fs/at.h>
#include <fs/notify.h>
#include <linux/syscall.h>
#include <mm/mm.h>

#define IN_UNMOUNT 0x2000
#define IN_Q_OVERFLOW 0x4000
#define IN_IGNORED 0x8000
#define IN_ONLYDIR 0x01000000
#define IN_DONT_FOLLOW 0x02000000
#define IN_EXCL_UNLINK 0x04000000
#define IN_MASK_CREATE 0x10000000
#define IN_MASK_ADD 0x20000000
#define IN_ONESHOT 0x80000000u
#define IN_ALL_EVENTS 0xfff
#define IN_MAY_ASK                                                                        \
	(IN_ALL_EVENTS | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK | IN_MASK_CREATE |   \
	 IN_MASK_ADD | IN_ONESHOT | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED | IN_ISDIR)

#define EVENTS_MAX 16384 /* max_queued_events */
#define BUCKETS 64
#define NAME_ALIGN 16 /* sizeof(struct inotify_event) */
#define FIONREAD 0x541b

struct event {
	struct list link;
	struct {
		int32_t wd;
		uint32_t mask, cookie, len; // what is read, and the name behind it
	} head;
	char name[];
};
_Static_assert(sizeof(((struct event *)0)->head) == NAME_ALIGN, "struct inotify_event");

struct inotify {
	struct list watches, events;
	unsigned count;    // of events
	size_t bytes;      // that reading all of them gives
	int last_wd;
	struct wait_queue wait;
};

struct watch {
	struct watch *next; // in its bucket
	struct list link;   // in its instance
	struct inotify *of;
	struct vnode *vnode;
	int wd;
	uint32_t mask;
};

static struct watch *table[BUCKETS];
static uint32_t last_cookie;
static struct {
	struct vnode *vnode, *dir; // referenced
	char name[NAME_MAX + 1];
} looked_up;

static struct watch **bucket(const struct vnode *v)
{
	return &table[((uintptr_t)v >> 5) % BUCKETS];
}

static void queue(struct inotify *n, int wd, uint32_t mask, uint32_t cookie, const char *name,
		  size_t len)
{
	size_t room = len ? ALIGN_UP(len + 1, NAME_ALIGN) : 0;
	struct event *e, *last =
		list_empty(&n->events) ? NULL : list_entry(n->events.prev, struct event, link);

	if (last && last->head.wd == wd && last->head.mask == mask && last->head.cookie == cookie &&
	    last->head.len == room && (!len || !memcmp(last->name, name, len + 1)))
		return;
	if (n->count >= EVENTS_MAX) {
		if (last && last->head.mask == IN_Q_OVERFLOW)
			return;
		wd = -1;
		mask = IN_Q_OVERFLOW;
		room = len = cookie = 0;
	}
	e = kzalloc(sizeof(*e) + room);
	if (!e)
		return;
	e->head.wd = wd;
	e->head.mask = mask;
	e->head.cookie = cookie;
	e->head.len = (uint32_t)room;
	memcpy(e->name, name, len);
	list_add_tail(&n->events, &e->link);
	n->count++;
	n->bytes += sizeof(e->head) + room;
	wake_all(&n->wait, POLLIN | POLLRDNORM);
}

static void watch_free(struct watch *w)
{
	struct watch **p = bucket(w->vnode);

	while (*p != w)
		p = &(*p)->next;
	*p = w->next;
	list_del(&w->link);
	vnode_put(w->vnode);
	kfree(w);
}

static void watch_end(struct watch *w)
{
	queue(w->of, w->wd, IN_IGNORED, 0, "", 0);
	watch_free(w);
}

// One event for all who watch v. `name` is kernel memory, not NUL-terminated.
static void tell(struct vnode *v, uint32_t mask, bool dir, uint32_t cookie, const char *name,
		 size_t len)
{
	char copy[NAME_MAX + 1];
	struct watch *next;

	memcpy(copy, name, len);
	copy[len] = 0;
	for (struct watch *w = *bucket(v); w; w = next) {
		next = w->next;
		if (w->vnode != v || !(w->mask & mask))
			continue;
		queue(w->of, w->wd, mask | (dir ? IN_ISDIR : 0), cookie, copy, len);
		if (w->mask & IN_ONESHOT)
			watch_end(w);
	}
}

void notify_named(struct vnode *dir, const char *name, size_t len, struct vnode *v, uint32_t mask)
{
	bool is_dir = v && S_ISDIR(v->mode);

	if (dir)
		tell(dir, mask, is_dir, 0, name, len);
	if (v)
		tell(v, mask, is_dir, 0, "", 0);
}

static void remember(const struct lookup *l)
{
	vnode_put(looked_up.vnode);
	vnode_put(looked_up.dir);
	looked_up.vnode = vnode_get(l->vnode);
	looked_up.dir = vnode_get(l->dir);
	memcpy(looked_up.name, l->name, l->len);
	looked_up.name[l->len] = 0;
}

static void forget(void)
{
	vnode_put(looked_up.vnode);
	vnode_put(looked_up.dir);
	looked_up.vnode = looked_up.dir = NULL;
}

void notify_remember(struct file *f)
{
	struct lookup l;

	forget();
	if (!f->path || path_lookup(NULL, f->path, LOOKUP_PARENT | LOOKUP_FOLLOW, &l))
		return;
	if (l.vnode == f->vnode && !l.dots)
		remember(&l);
	lookup_put(&l);
}

int notify_lookup(struct vnode *at, const char *path, unsigned flags, struct vnode **out)
{
	struct lookup l;
	int r = path_lookup(at, path, flags | LOOKUP_PARENT, &l);

	if (r)
		return r;
	if (!l.vnode || l.dots || (l.trailing_slash && !S_ISDIR(l.vnode->mode))) {
		lookup_put(&l);
		return path_vnode(at, path, flags, out);
	}
	remember(&l);
	*out = vnode_get(l.vnode);
	lookup_put(&l);
	return 0;
}

void notify_looked_up(struct vnode *v, uint32_t mask)
{
	bool known = looked_up.vnode == v;

	notify_named(known ? looked_up.dir : NULL, looked_up.name,
		     known ? strlen(looked_up.name) : 0, v, mask);
}

void notify_file(struct file *f, uint32_t mask)
{
	if (!f->vnode || f->flags & O_PATH)
		return;
	notify_remember(f);
	notify_looked_up(f->vnode, mask);
	forget(); // it would keep what is closed now
}

// The last name of v is gone: so are its watches.
static void maybe_gone(struct vnode *v)
{
	struct kstat st;
	struct watch *next;

	if (vnode_stat(v, &st) || st.nlink)
		return;
	tell(v, IN_DELETE_SELF, false, 0, "", 0);
	for (struct watch *w = *bucket(v); w; w = next) {
		next = w->next;
		if (w->vnode == v)
			watch_end(w);
	}
}

void notify_unlinked(struct vnode *dir, const char *name, size_t len, struct vnode *v)
{
	if (!S_ISDIR(v->mode))
		tell(v, IN_ATTRIB, false, 0, "", 0);
	maybe_gone(v);
	tell(dir, IN_DELETE, S_ISDIR(v->mode), 0, name, len);
}

static void moved(struct vnode *from, const char *fname, size_t flen, struct vnode *to,
		  const char *tname, size_t tlen, struct vnode *v)
{
	bool dir = S_ISDIR(v->mode);
	uint32_t cookie = ++last_cookie;

	tell(from, IN_MOVED_FROM, dir, cookie, fname, flen);
	tell(to, IN_MOVED_TO, dir, cookie, tname, tlen);
	tell(v, IN_MOVE_SELF, false, 0, "", 0);
}

void notify_renamed(const struct lookup *from, const struct lookup *to, bool exchange)
{
	moved(from->dir, from->name, from->len, to->dir, to->name, to->len, from->vnode);
	if (exchange)
		moved(to->dir, to->name, to->len, from->dir, from->name, from->len, to->vnode);
	else if (to->vnode) {
		tell(to->vnode, IN_ATTRIB, false, 0, "", 0);
		maybe_gone(to->vnode);
	}
}

static ssize_t inotify_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct inotify *n = f->data;
	ssize_t done = 0, r = 0;
	int err;

	if (list_empty(&n->events) && file_nowait(f, nowait))
		return -EAGAIN;
	wait_until(&n->wait, !list_empty(&n->events), FOREVER, err);
	if (err)
		return -ERESTARTSYS;
	while (!list_empty(&n->events) && r >= 0) {
		struct event *e = list_first(&n->events, struct event, link);
		size_t len = sizeof(e->head) + e->head.len;

		if (it->left < len)
			return done ? done : -EINVAL;
		r = iov_copy_out(it, &e->head, len);
		if (r != (ssize_t)len)
			return done ? done : -EFAULT;
		done += r;
		list_del(&e->link);
		n->count--;
		n->bytes -= len;
		kfree(e);
	}
	return done;
}

static uint32_t inotify_poll(struct file *f, struct wait_queue **q)
{
	struct inotify *n = f->data;

	*q = &n->wait;
	return list_empty(&n->events) ? 0 : POLLIN | POLLRDNORM;
}

static long inotify_ioctl(struct file *f, unsigned long cmd, unsigned long arg)
{
	int bytes = (int)((struct inotify *)f->data)->bytes;

	return cmd == FIONREAD ? copy_to_user((void *)arg, &bytes, sizeof(bytes)) : -ENOTTY;
}

static void inotify_release(struct file *f)
{
	struct inotify *n = f->data;

	list_for_each_safe(l, &n->watches)
		watch_free(list_entry(l, struct watch, link));
	list_for_each_safe(l, &n->events) {
		list_del(l);
		kfree(list_entry(l, struct event, link));
	}
	kfree(n);
}

static const struct file_ops inotify_ops = {
	.kind = "[inotify]",
	.read = inotify_read,
	.poll = inotify_poll,
	.ioctl = inotify_ioctl,
	.release = inotify_release,
};

static long inotify_new(unsigned flags)
{
	struct inotify *n;
	struct file *f;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	n = kzalloc(sizeof(*n));
	f = n ? file_new(&inotify_ops, O_RDONLY | (flags & O_NONBLOCK), n) : NULL;
	if (!f) {
		kfree(n);
		return -ENOMEM;
	}
	list_init(&n->watches);
	list_init(&n->events);
	wait_queue_init(&n->wait);
	return fd_install(f, flags & O_CLOEXEC);
}

long sys_inotify_init(void)
{
	return inotify_new(0);
}

long sys_inotify_init1(unsigned flags)
{
	return inotify_new(flags);
}

static struct inotify *inotify_of(int fd, struct file **f, long *err)
{
	*f = fd_get(fd);
	*err = *f ? -EINVAL : -EBADF;
	if (!*f)
		return NULL;
	if ((*f)->ops == &inotify_ops)
		return (*f)->data;
	file_put(*f);
	return NULL;
}

static struct watch *watch_find(struct inotify *n, const struct vnode *v)
{
	for (struct watch *w = *bucket(v); w; w = w->next)
		if (w->vnode == v && w->of == n)
			return w;
	return NULL;
}

static long watch_change(struct watch *w, uint32_t mask)
{
	if (mask & IN_MASK_CREATE)
		return -EEXIST;
	w->mask = (mask & IN_MASK_ADD ? w->mask : 0) | (mask & (IN_ALL_EVENTS | IN_ONESHOT));
	return w->wd;
}

static long watch_new(struct inotify *n, struct vnode *v, uint32_t mask)
{
	struct watch *w = kmalloc(sizeof(*w));

	if (!w)
		return -ENOMEM;
	*w = (struct watch){ .next = *bucket(v), .of = n, .vnode = vnode_get(v) };
	w->mask = mask & (IN_ALL_EVENTS | IN_ONESHOT);
	w->wd = ++n->last_wd;
	*bucket(v) = w;
	list_add_tail(&n->watches, &w->link);
	fs_watched = true;
	return w->wd;
}

static long add_watch(struct inotify *n, const char *path, uint32_t mask)
{
	struct vnode *v;
	struct watch *w;
	long r = at_vnode(AT_FDCWD, path, mask & IN_DONT_FOLLOW ? AT_SYMLINK_NOFOLLOW : 0, &v);

	if (r)
		return r;
	r = (mask & IN_ONLYDIR) && !S_ISDIR(v->mode) ? -ENOTDIR : vnode_access(v, 4, false);
	if (!r) {
		w = watch_find(n, v);
		r = w ? watch_change(w, mask) : watch_new(n, v, mask);
	}
	vnode_put(v);
	return r;
}

long sys_inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	struct inotify *n;
	struct file *f;
	long r;

	if (!(mask & IN_ALL_EVENTS) || (mask & ~IN_MAY_ASK) ||
	    ((mask & IN_MASK_ADD) && (mask & IN_MASK_CREATE)))
		return -EINVAL;
	n = inotify_of(fd, &f, &r);
	if (!n)
		return r;
	r = add_watch(n, path, mask);
	file_put(f);
	return r;
}

long sys_inotify_rm_watch(int fd, int wd)
{
	struct inotify *n;
	struct file *f;
	long r;

	n = inotify_of(fd, &f, &r);
	if (!n)
		return r;
	r = -EINVAL;
	list_for_each_safe(l, &n->watches) {
		struct watch *w = list_entry(l, struct watch, link);

		if (w->wd == wd) {
			watch_end(w);
			r = 0;
		}
	}
	file_put(f);
	return r;
}
