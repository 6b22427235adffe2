// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Niceness and I/O priority: kept for each thread, told to who asks. All threads take turns of the
// same length whatever theirs is, and there is no disk to wait for.
#include <asm-generic/errno.h>
#include <linux/ioprio.h>
#include <linux/resource.h>

#include <linux/process.h>
#include <linux/syscall.h>

#define NICE_MIN (-20)
#define NICE_MAX 19
#define RAW(nice) (20 - (nice)) /* getpriority(2), C library/kernel differences */

// The thread that `who` names, if it names one. PRIO_PGRP and PRIO_USER name the threads of the
// program, all of them or none.
static int named(int which, int who, struct thread **one)
{
	struct process *p = current_process();
	bool here;

	*one = NULL;
	switch (which) {
	case PRIO_PROCESS:
		*one = who ? thread_find(who) : current();
		return *one ? 0 : -ESRCH;
	case PRIO_PGRP: here = !who || who == p->pgid; break;
	case PRIO_USER: here = !who || (uint32_t)who == p->uid; break;
	default: return -EINVAL;
	}
	return here ? 0 : -ESRCH;
}

long sys_getpriority(int which, int who)
{
	struct thread *one;
	int best = 0, r = named(which, who, &one);

	if (r)
		return r;
	if (one)
		return RAW(one->kept.nice);
	list_for_each(l, &current_process()->threads)
		best = MAX(best, RAW(list_entry(l, struct thread, all)->kept.nice));
	return best;
}

static int renice(struct thread *t, int nice)
{
	const struct process *p = current_process();

	if (nice < t->kept.nice && p->euid && RAW(nice) > (int64_t)p->limits[RLIMIT_NICE].cur)
		return -EACCES;
	t->kept.nice = (int8_t)nice;
	return 0;
}

long sys_setpriority(int which, int who, int nice)
{
	struct thread *one;
	int r = named(which, who, &one);

	nice = MAX(MIN(nice, NICE_MAX), NICE_MIN);
	if (r || one)
		return r ? r : renice(one, nice);
	list_for_each(l, &current_process()->threads) {
		int e = renice(list_entry(l, struct thread, all), nice);

		r = e ? e : r;
	}
	return r;
}

static struct thread *io_thread(int which, int who, long *err)
{
	struct thread *t = !who ? current() : which == IOPRIO_WHO_PROCESS ? thread_find(who) : NULL;

	*err = which < IOPRIO_WHO_PROCESS || which > IOPRIO_WHO_USER ? -EINVAL : -ESRCH;
	return *err == -EINVAL ? NULL : t;
}

long sys_ioprio_get(int which, int who)
{
	long err;
	struct thread *t = io_thread(which, who, &err);

	return t ? t->kept.ioprio : err;
}

long sys_ioprio_set(int which, int who, int prio)
{
	unsigned class = (unsigned)prio >> IOPRIO_CLASS_SHIFT, level = (unsigned)prio & 7;
	struct thread *t;
	long err;

	if (class > IOPRIO_CLASS_IDLE || (class == IOPRIO_CLASS_NONE && level))
		return -EINVAL;
	if (class == IOPRIO_CLASS_RT && current_process()->euid)
		return -EPERM;
	t = io_thread(which, who, &err);
	if (!t)
		return err;
	t->kept.ioprio = (uint16_t)prio;
	return 0;
}
