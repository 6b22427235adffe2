// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See timespec.h. Program and kernel both have 64-bit seconds.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/timespec.h>
#include <sched/sched.h>

static int from_user(const void *user, int64_t per_second, uint64_t *ns)
{
	int64_t t[2];

	if (copy_from_user(t, user, sizeof(t)))
		return -EFAULT;
	if (t[0] < 0 || t[1] < 0 || t[1] >= per_second)
		return -EINVAL;
	*ns = FOREVER;
	if ((uint64_t)t[0] < (FOREVER >> 1) / NSEC)
		*ns = (uint64_t)t[0] * NSEC +
		      (uint64_t)(t[1] * (int64_t)(NSEC / (uint64_t)per_second));
	return 0;
}

int timespec_from_user(const void *user, uint64_t *ns)
{
	return from_user(user, NSEC, ns);
}

int timeval_from_user(const void *user, uint64_t *ns)
{
	return from_user(user, NSEC / 1000, ns);
}

int timespec_to_user(void *user, int64_t ns)
{
	int64_t t[2] = { ns / (int64_t)NSEC, ns % (int64_t)NSEC };

	return copy_to_user(user, t, sizeof(t));
}

int timeval_to_user(void *user, int64_t ns)
{
	int64_t t[2] = { ns / (int64_t)NSEC, ns % (int64_t)NSEC / 1000 };

	return copy_to_user(user, t, sizeof(t));
}

uint64_t deadline_after(uint64_t ns)
{
	uint64_t now = time_now();

	return ns < FOREVER - now ? now + ns : FOREVER;
}

uint64_t deadline_at_wall(uint64_t ns)
{
	int64_t off = time_wall_offset();

	if (ns == FOREVER)
		return FOREVER;
	return (int64_t)ns > off ? ns - (uint64_t)off : 0;
}
