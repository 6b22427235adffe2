// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// prctl(2): the operations that ordinary programs use; others are EINVAL, as on a kernel without
// them.
#include <asm-generic/errno.h>
#include <linux/prctl.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>

static long set_name(const char *user)
{
	char name[16];
	ssize_t n = string_from_user(name, user, sizeof(name));

	if (n == -EFAULT)
		return -EFAULT;
	name[sizeof(name) - 1] = 0;
	memset(current()->comm, 0, sizeof(current()->comm));
	memcpy(current()->comm, name, strlen(name));
	return 0;
}

static long put_int(uint64_t user, int32_t v)
{
	return copy_to_user((void *)user, &v, sizeof(v));
}

#define CAP_COUNT 41
#define SLACK_DEFAULT 50000 /* ns; prctl(2), PR_SET_TIMERSLACK */

static bool root(const struct process *p)
{
	return !p->euid;
}

static long ambient(struct process *p, uint64_t op, uint64_t cap)
{
	struct capabilities *c = &p->caps;
	uint64_t bit = cap < CAP_COUNT ? 1ull << cap : 0;

	if (op == PR_CAP_AMBIENT_CLEAR_ALL) {
		c->ambient = 0;
		return cap ? -EINVAL : 0;
	}
	if (!bit)
		return -EINVAL;
	switch (op) {
	case PR_CAP_AMBIENT_IS_SET: return !!(c->ambient & bit);
	case PR_CAP_AMBIENT_LOWER: c->ambient &= ~bit; return 0;
	case PR_CAP_AMBIENT_RAISE:
		if (!(c->inheritable & bit) || (c->not_permitted & bit))
			return -EPERM;
		c->ambient |= bit;
		return 0;
	default: return -EINVAL;
	}
}

// Those about capabilities; false: it is none of them.
static bool about_caps(struct process *p, int op, uint64_t a, uint64_t b, long *r)
{
	struct capabilities *c = &p->caps;

	*r = 0;
	switch (op) {
	case PR_CAPBSET_READ:
		*r = a < CAP_COUNT ? !(c->not_bounding >> a & 1) : -EINVAL;
		return true;
	case PR_CAPBSET_DROP:
		*r = !root(p) ? -EPERM : a < CAP_COUNT ? 0 : -EINVAL;
		if (!*r)
			c->not_bounding |= 1ull << a;
		return true;
	case PR_GET_KEEPCAPS: *r = c->keep; return true;
	case PR_SET_KEEPCAPS:
		*r = a > 1 ? -EINVAL : 0;
		c->keep = a == 1 || (a > 1 && c->keep);
		return true;
	case PR_GET_SECUREBITS: *r = c->secure_bits; return true;
	case PR_SET_SECUREBITS:
		*r = !root(p) ? -EPERM : a > 0xff ? -EPERM : 0;
		if (!*r)
			c->secure_bits = (uint32_t)a;
		return true;
	case PR_CAP_AMBIENT: *r = ambient(p, a, b); return true;
	default: return false;
	}
}

static long timer_slack(int op, uint64_t a)
{
	struct thread_kept *k = &current()->kept;

	if (op == PR_GET_TIMERSLACK)
		return (long)(k->timer_slack_ns ? k->timer_slack_ns : SLACK_DEFAULT);
	k->timer_slack_ns = (int64_t)a > 0 ? a : 0;
	return 0;
}

long sys_prctl(int op, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	struct process *p = current_process();
	long r;

	if (about_caps(p, op, a, b, &r))
		return r;
	switch (op) {
	case PR_GET_TIMERSLACK:
	case PR_SET_TIMERSLACK: return timer_slack(op, a);
	case PR_SET_THP_DISABLE:
		p->no_huge_pages = a != 0;
		return b || c || d ? -EINVAL : 0;
	case PR_GET_THP_DISABLE: return a || b || c || d ? -EINVAL : p->no_huge_pages;
	case PR_GET_SECCOMP: return 0;
	case PR_GET_TIMING: return PR_TIMING_STATISTICAL;
	case PR_SET_TIMING: return a == PR_TIMING_STATISTICAL ? 0 : -EINVAL;
	case PR_GET_TSC: return put_int(a, PR_TSC_ENABLE);
	case PR_SET_NAME:
		return set_name((const char *)a);
	case PR_GET_NAME:
		return copy_to_user((void *)a, current()->comm, sizeof(current()->comm));
	case PR_SET_DUMPABLE:
		if (a > 1)
			return -EINVAL;
		p->dumpable = a;
		return 0;
	case PR_GET_DUMPABLE:
		return p->dumpable;
	case PR_SET_NO_NEW_PRIVS:
		if (a != 1 || b || c || d)
			return -EINVAL;
		p->no_new_privs = true;
		return 0;
	case PR_GET_NO_NEW_PRIVS:
		return a || b || c || d ? -EINVAL : p->no_new_privs;
	case PR_SET_PDEATHSIG:
		if (a > NSIG_)
			return -EINVAL;
		p->pdeathsig = (int)a;
		return 0;
	case PR_SET_CHILD_SUBREAPER:
		p->subreaper = a;
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		return put_int(a, p->subreaper);
	case PR_GET_PDEATHSIG:
		return put_int(a, p->pdeathsig);
	default:
		return -EINVAL;
	}
}
