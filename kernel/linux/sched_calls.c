// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sched_*: one processor, round robin. Policies and priorities of the real-time kind are refused as
// an unprivileged user sees it; the others are kept for each thread and told to who asks, and make
// no difference.
#include <asm-generic/errno.h>
#include <linux/sched.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>

#define MASK_BYTES 8 /* what the kernel's own mask takes; sched_getaffinity(2), NOTES */
#define RT_PRIORITY_MAX 99

static struct thread *by_tid(int tid)
{
	return tid ? thread_find(tid) : current();
}

long sys_sched_getaffinity(int tid, size_t len, void *mask)
{
	uint64_t cpus = 1;

	if (len < MASK_BYTES || len % MASK_BYTES)
		return -EINVAL;
	if (!by_tid(tid))
		return -ESRCH;
	return copy_to_user(mask, &cpus, sizeof(cpus)) ? -EFAULT : MASK_BYTES;
}

long sys_sched_setaffinity(int tid, size_t len, const void *mask)
{
	uint64_t cpus = 0;

	if (copy_from_user(&cpus, mask, MIN(len, sizeof(cpus))))
		return -EFAULT;
	if (!by_tid(tid))
		return -ESRCH;
	return cpus & 1 ? 0 : -EINVAL;
}

long sys_sched_getscheduler(int tid)
{
	struct thread *t;

	if (tid < 0)
		return -EINVAL;
	t = by_tid(tid);
	return t ? t->kept.policy : -ESRCH;
}

static bool policy_known(int policy)
{
	return policy >= SCHED_NORMAL && policy <= SCHED_IDLE && policy != 4;
}

static long set_policy(int tid, int policy, int64_t priority)
{
	bool rt = policy == SCHED_FIFO || policy == SCHED_RR;
	struct thread *t = by_tid(tid);

	if (!policy_known(policy))
		return -EINVAL;
	if (!t)
		return -ESRCH;
	if (rt ? priority < 1 || priority > RT_PRIORITY_MAX : priority != 0)
		return -EINVAL;
	if (rt)
		return -EPERM;
	t->kept.policy = (uint8_t)policy;
	return 0;
}

long sys_sched_setscheduler(int tid, int policy, const int32_t *param)
{
	int32_t priority;

	if (tid < 0 || !param || policy < 0)
		return -EINVAL;
	if (copy_from_user(&priority, param, sizeof(priority)))
		return -EFAULT;
	return set_policy(tid, policy & ~SCHED_RESET_ON_FORK, priority);
}

long sys_sched_setparam(int tid, const int32_t *param)
{
	struct thread *t = by_tid(tid);
	int32_t priority;

	if (tid < 0 || !param)
		return -EINVAL;
	if (copy_from_user(&priority, param, sizeof(priority)))
		return -EFAULT;
	return t ? set_policy(tid, t->kept.policy, priority) : -ESRCH;
}

#define ATTR_SIZE_FIRST 48 /* SCHED_ATTR_SIZE_VER0, sched_setattr(2) */
#define ATTR_FLAGS_ALL 0x7f

struct attr_user {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};
_Static_assert(sizeof(struct attr_user) == ATTR_SIZE_FIRST, "struct sched_attr, first version");

long sys_sched_setattr(int tid, const void *user, unsigned flags)
{
	struct attr_user a;
	long r;

	if (!user || tid < 0 || flags)
		return -EINVAL;
	if (copy_from_user(&a, user, sizeof(a)))
		return -EFAULT;
	if ((a.size && a.size < sizeof(a)) || a.flags & ~(uint64_t)ATTR_FLAGS_ALL)
		return -EINVAL;
	r = set_policy(tid, (int)a.policy, a.priority);
	if (!r && a.nice >= -20 && a.nice <= 19)
		by_tid(tid)->kept.nice = (int8_t)a.nice;
	return r;
}

long sys_sched_getattr(int tid, void *user, unsigned size, unsigned flags)
{
	struct thread *t = by_tid(tid);
	struct attr_user a = { .size = sizeof(a) };

	if (!user || tid < 0 || flags || size < sizeof(a) || size > PAGE_SIZE)
		return -EINVAL;
	if (!t)
		return -ESRCH;
	a.policy = t->kept.policy;
	a.nice = t->kept.nice;
	return copy_to_user(user, &a, sizeof(a));
}

long sys_sched_getparam(int tid, int32_t *param)
{
	int32_t priority = 0;

	if (tid < 0 || !param)
		return -EINVAL;
	return by_tid(tid) ? copy_to_user(param, &priority, sizeof(priority)) : -ESRCH;
}

long sys_sched_get_priority_max(int policy)
{
	if (!policy_known(policy))
		return -EINVAL;
	return policy == SCHED_FIFO || policy == SCHED_RR ? RT_PRIORITY_MAX : 0;
}

long sys_sched_get_priority_min(int policy)
{
	if (!policy_known(policy))
		return -EINVAL;
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

long sys_sched_rr_get_interval(int tid, int64_t *interval)
{
	int64_t ts[2] = { 0, 10000000 };

	if (tid < 0)
		return -EINVAL;
	return by_tid(tid) ? copy_to_user(interval, ts, sizeof(ts)) : -ESRCH;
}

long sys_getcpu(uint32_t *cpu, uint32_t *node)
{
	uint32_t zero = 0;

	if ((cpu && copy_to_user(cpu, &zero, sizeof(zero))) ||
	    (node && copy_to_user(node, &zero, sizeof(zero))))
		return -EFAULT;
	return 0;
}
