// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Setting time stamps: utimensat, and the three older calls as forms of it.
#include <fs/at.h>
#include <fs/notify.h>
#include <linux/process.h>

#define UTIME_NOW 0x3fffffff
#define UTIME_OMIT 0x3ffffffe

static int one_time(const struct linux_timespec *t, int64_t *ns, unsigned attr, unsigned *what)
{
	if (t->nsec == UTIME_OMIT)
		return 0;
	if (t->nsec != UTIME_NOW && (t->nsec < 0 || t->nsec >= 1000000000))
		return -EINVAL;
	*ns = t->nsec == UTIME_NOW ? fs_now() : t->sec * 1000000000 + t->nsec;
	*what |= attr;
	return 0;
}

// May the times be set so? Setting both to now needs only permission to write.
static int may_set(struct vnode *v, bool now)
{
	struct kstat st;
	int r;

	if (!current_process()->euid)
		return 0;
	r = vnode_stat(v, &st);
	if (r || st.uid == current_process()->euid)
		return r;
	return now ? vnode_access(v, 2, false) : -EPERM;
}

static long set_times(int dirfd, const char *path, const struct linux_timespec t[2], unsigned flags)
{
	bool now = t[0].nsec == UTIME_NOW && t[1].nsec == UTIME_NOW;
	struct kstat st = { .size = 0 };
	struct vnode *v;
	unsigned what = 0;
	int r;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	r = one_time(&t[0], &st.atime_ns, ATTR_ATIME, &what);
	if (!r)
		r = one_time(&t[1], &st.mtime_ns, ATTR_MTIME, &what);
	if (r || !what)
		return r;
	if (!path && (flags || dirfd == AT_FDCWD))
		return dirfd == AT_FDCWD ? -EFAULT : -EINVAL;
	r = path ? at_vnode(dirfd, path, flags, &v) : fd_vnode(dirfd, -EBADF, &v);
	if (r)
		return r;
	r = may_set(v, now);
	if (!r)
		r = v->ops->setattr ? v->ops->setattr(v, &st, what) : -EROFS;
	if (!r && fs_watched)
		notify_looked_up(v, what == ATTR_ATIME	 ? IN_ACCESS
				    : what == ATTR_MTIME ? IN_MODIFY
							 : IN_ATTRIB);
	vnode_put(v);
	return r;
}

long sys_utimensat(int dirfd, const char *path, const void *user, unsigned flags)
{
	struct linux_timespec t[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };

	if (user && copy_from_user(t, user, sizeof(t)))
		return -EFAULT;
	return set_times(dirfd, path, t, flags);
}

// From struct timeval[2].
static long timevals(int dirfd, const char *path, const void *user)
{
	struct linux_timespec t[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };

	if (user) {
		if (copy_from_user(t, user, sizeof(t)))
			return -EFAULT;
		if (t[0].nsec < 0 || t[0].nsec >= 1000000 || t[1].nsec < 0 || t[1].nsec >= 1000000)
			return -EINVAL;
		t[0].nsec *= 1000;
		t[1].nsec *= 1000;
	}
	return set_times(dirfd, path, t, 0);
}

long sys_futimesat(int dirfd, const char *path, const void *user)
{
	return timevals(dirfd, path, user);
}

long sys_utimes(const char *path, const void *user)
{
	return timevals(AT_FDCWD, path, user);
}

long sys_utime(const char *path, const void *user)
{
	struct linux_timespec t[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };
	int64_t sec[2];

	if (user) {
		if (copy_from_user(sec, user, sizeof(sec)))
			return -EFAULT;
		t[0] = (struct linux_timespec){ sec[0], 0 };
		t[1] = (struct linux_timespec){ sec[1], 0 };
	}
	return set_times(AT_FDCWD, path, t, 0);
}
