// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sched_*: one processor, round robin. Policies and priorities of the real-time kind are refused as
// an unprivileged user sees it; what can be asked is answered.
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
	if (tid < 0)
		return -EINVAL;
	return by_tid(tid) ? SCHED_NORMAL : -ESRCH;
}

static bool policy_known(int policy)
{
	return policy >= SCHED_NORMAL && policy <= SCHED_IDLE && policy != 4;
}

static long set_policy(int tid, int policy, const int32_t *param)
{
	int32_t priority;
	bool rt = policy == SCHED_FIFO || policy == SCHED_RR;

	if (tid < 0 || !param || !policy_known(policy))
		return -EINVAL;
	if (copy_from_user(&priority, param, sizeof(priority)))
		return -EFAULT;
	if (!by_tid(tid))
		return -ESRCH;
	if (rt ? priority < 1 || priority > RT_PRIORITY_MAX : priority != 0)
		return -EINVAL;
	return rt ? -EPERM : 0;
}

long sys_sched_setscheduler(int tid, int policy, const int32_t *param)
{
	return set_policy(tid, policy, param);
}

long sys_sched_setparam(int tid, const int32_t *param)
{
	return set_policy(tid, SCHED_NORMAL, param);
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

// The raw call gives 20 - nice.
long sys_getpriority(int which, int who)
{
	return which < 0 || which > 2 ? -EINVAL : 20;
}

long sys_setpriority(int which, int who, int nice)
{
	return which < 0 || which > 2 ? -EINVAL : 0;
}

long sys_getcpu(uint32_t *cpu, uint32_t *node)
{
	uint32_t zero = 0;

	if ((cpu && copy_to_user(cpu, &zero, sizeof(zero))) ||
	    (node && copy_to_user(node, &zero, sizeof(zero))))
		return -EFAULT;
	return 0;
}
