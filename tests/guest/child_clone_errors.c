// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// clone and clone3 with what does not go together.
//
// ERROR: yes
#include "child.h"

// linux/sched.h, which musl's headers do not have.
#define CLONE_PIDFD_ 0x1000
#define CLONE_CLEAR_SIGHAND_ 0x100000000ull
struct clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static long try(struct clone_args a, size_t size) { return syscall(SYS_clone3, &a, size); }

int main(void)
{
	char big[128] = "";
	CHECK_ERR(syscall(SYS_clone, CLONE_THREAD | SIGCHLD, 0, 0, 0, 0), EINVAL);
	CHECK_ERR(syscall(SYS_clone, CLONE_SIGHAND | SIGCHLD, 0, 0, 0, 0), EINVAL);
	CHECK_ERR(try((struct clone_args){ .exit_signal = 300 }, sizeof(struct clone_args)), EINVAL);
	CHECK_ERR(try((struct clone_args){ .flags = 17 }, sizeof(struct clone_args)), EINVAL);
	CHECK_ERR(try((struct clone_args){ .stack = 4096 }, sizeof(struct clone_args)), EINVAL);
	CHECK_ERR(try((struct clone_args){ 0 }, 63), EINVAL);
	CHECK_ERR(try((struct clone_args){ .flags = CLONE_THREAD, .exit_signal = 17 }, sizeof(struct clone_args)), EINVAL);
	CHECK_ERR(try((struct clone_args){ .flags = CLONE_SIGHAND | CLONE_VM | CLONE_CLEAR_SIGHAND_ }, sizeof(struct clone_args)), EINVAL);
	big[120] = 1;
	CHECK_ERR(syscall(SYS_clone3, big, sizeof big), E2BIG);
	CHECK_ERR(syscall(SYS_clone3, big, 8192), E2BIG);
	CHECK_ERR(syscall(SYS_clone3, BAD_PTR, sizeof(struct clone_args)), EFAULT);
	return 0;
}
