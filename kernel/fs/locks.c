// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See locks.h. All locks are in one list: programs hold few.
#include <fs/locks.h>
#include <fs/abi.h>
#include <linux/syscall.h>
#include <mm/mm.h>

static struct list locks = LIST_INIT(locks);
static struct wait_queue changed = WAIT_QUEUE_INIT(changed);

static bool overlaps(const struct lock *a, const struct lock *b)
{
	return a->vnode == b->vnode && a->kind == b->kind && a->start < b->end && b->start < a->end;
}

const struct lock *lock_conflict(const struct lock *want)
{
	list_for_each(l, &locks) {
		struct lock *have = list_entry(l, struct lock, link);

		if (overlaps(have, want) && have->owner != want->owner &&
		    (have->type == LOCK_WRITE || want->type == LOCK_WRITE))
			return have;
	}
	return NULL;
}

static struct lock *lock_new(const struct lock *from)
{
	struct lock *l = kmalloc(sizeof(*l));

	if (!l)
		return NULL;
	*l = *from;
	list_add(&locks, &l->link);
	return l;
}

static void lock_free(struct lock *l)
{
	list_del(&l->link);
	kfree(l);
}

// Takes [want->start, want->end) out of what its owner holds. One lock at most is split in two.
static int carve(const struct lock *want)
{
	list_for_each_safe(p, &locks) {
		struct lock *have = list_entry(p, struct lock, link), *rest;

		if (have->owner != want->owner || !overlaps(have, want))
			continue;
		if (have->start < want->start && have->end > want->end) {
			rest = lock_new(have);
			if (!rest)
				return -ENOMEM;
			rest->start = want->end;
			have->end = want->start;
		} else if (have->start < want->start) {
			have->end = want->start;
		} else if (have->end > want->end) {
			have->start = want->end;
		} else {
			lock_free(have);
		}
	}
	return 0;
}

int lock_set(const struct lock *want, bool wait)
{
	int r = 0;

	if (want->type != LOCK_NONE) {
		if (lock_conflict(want) && !wait)
			return -EAGAIN;
		wait_until(&changed, !lock_conflict(want), FOREVER, r);
		if (r)
			return -ERESTARTSYS;
	}
	r = carve(want);
	if (!r && want->type != LOCK_NONE) {
		if (want->file)
			want->file->locks = true;
		r = lock_new(want) ? 0 : -ENOMEM;
	}
	wake_all(&changed, 0);
	return r;
}

static void forget(const void *owner, const struct vnode *v)
{
	list_for_each_safe(p, &locks) {
		struct lock *l = list_entry(p, struct lock, link);

		if (l->owner == owner && (!v || l->vnode == v))
			lock_free(l);
	}
	wake_all(&changed, 0);
}

void locks_forget(struct file *f)
{
	forget(f, NULL);
}

void locks_closed(const struct fd_table *t, const struct vnode *v)
{
	if (!list_empty(&locks))
		forget(t, v);
}

#define LOCK_SH_ 1 /* include/uapi/asm-generic/fcntl.h */
#define LOCK_EX_ 2
#define LOCK_NB_ 4
#define LOCK_UN_ 8

long sys_flock(int fd, unsigned how)
{
	struct lock want = { .kind = LOCK_WHOLE, .end = UINT64_MAX };
	struct file *f = fd_get(fd);
	bool wait = !(how & LOCK_NB_);
	long r;

	if (!f)
		return -EBADF;
	want.owner = want.file = f;
	want.vnode = f->vnode;
	want.type = how & LOCK_UN_ ? LOCK_NONE : how & LOCK_EX_ ? LOCK_WRITE : LOCK_READ;
	how &= ~LOCK_NB_;
	if (f->flags & O_PATH)
		r = -EBADF;
	else if (how != LOCK_SH_ && how != LOCK_EX_ && how != LOCK_UN_)
		r = -EINVAL;
	else
		r = f->vnode ? lock_set(&want, wait) : 0;
	file_put(f);
	return r;
}
