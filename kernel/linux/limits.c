// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Resource limits: kept for all, enforced where the library OS has something to enforce
// (RLIMIT_NOFILE by fs/fd.c, RLIMIT_FSIZE here, for fs/vfile.c and fs/sys_truncate.c).
#include <asm-generic/errno.h>
#include <linux/resource.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>

#define NR_OPEN 1048576
#define SIGXFSZ 25

static long change(struct process *p, unsigned resource, const struct rlimit_pair *to)
{
	struct rlimit_pair *limit = &p->limits[resource];

	if (to->cur > to->max)
		return -EINVAL;
	if (to->max > limit->max && p->euid)
		return -EPERM;
	if (resource == RLIMIT_NOFILE && to->max > NR_OPEN)
		return -EPERM;
	*limit = *to;
	return 0;
}

static long prlimit(int pid, unsigned resource, const void *to, void *from)
{
	struct process *p = current_process();
	struct rlimit_pair wanted, old;
	long r = 0;

	if (resource >= RLIMIT_COUNT)
		return -EINVAL;
	if (pid && pid != p->pid)
		return -ESRCH;
	old = p->limits[resource];
	if (to && copy_from_user(&wanted, to, sizeof(wanted)))
		return -EFAULT;
	if (to)
		r = change(p, resource, &wanted);
	if (!r && from && copy_to_user(from, &old, sizeof(old)))
		return -EFAULT;
	return r;
}

long sys_prlimit64(int pid, unsigned resource, const void *to, void *from)
{
	return prlimit(pid, resource, to, from);
}

long sys_getrlimit(unsigned resource, void *from)
{
	return from ? prlimit(0, resource, NULL, from) : -EFAULT;
}

long sys_setrlimit(unsigned resource, const void *to)
{
	return to ? prlimit(0, resource, to, NULL) : -EFAULT;
}

static int too_large(void)
{
	struct siginfo_lite info = { .signo = SIGXFSZ, .pid = current_process()->pid };

	signal_thread(current(), &info);
	return -EFBIG;
}

int file_size_allowed(uint64_t size)
{
	return size > current_process()->limits[RLIMIT_FSIZE].cur ? too_large() : 0;
}

int file_write_allowed(uint64_t at, size_t *n)
{
	uint64_t limit = current_process()->limits[RLIMIT_FSIZE].cur;

	if (limit == RLIM_INFINITY || !*n)
		return 0;
	if (at >= limit)
		return too_large();
	*n = (size_t)MIN((uint64_t)*n, limit - at);
	return 0;
}
