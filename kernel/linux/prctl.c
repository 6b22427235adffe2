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

long sys_prctl(int op, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	struct process *p = current_process();

	switch (op) {
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
