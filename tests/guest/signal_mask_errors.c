// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sigprocmask's refusals; SIGKILL and SIGSTOP are never blocked.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	sigset_t set, now;
	sigfillset(&set);
	CHECK_ERR(sigprocmask(77, &set, NULL), EINVAL);
	CHECK_ERR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 4), EINVAL);
	CHECK_ERR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, BAD_PTR, NULL, 8), EFAULT);
	CHECK_ERR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, BAD_PTR, 8), EFAULT);
	CHECK_ERR(syscall(SYS_rt_sigpending, &set, 128), EINVAL);
	SHOW(sigprocmask(77, NULL, &now));
	SHOW(sigprocmask(SIG_SETMASK, &set, NULL));
	SHOW(sigprocmask(SIG_SETMASK, NULL, &now));
	SHOW(sigismember(&now, SIGTERM));
	SHOW(sigismember(&now, SIGKILL));
	SHOW(sigismember(&now, SIGSTOP));
	return 0;
}
