// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// clone3: a process with a pidfd, and one with its signal handlers cleared.
#include "child.h"

// linux/sched.h, which musl's headers do not have.
#define CLONE_PIDFD_ 0x1000
#define CLONE_CLEAR_SIGHAND_ 0x100000000ull
struct clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static void nothing(int sig) { (void)sig; }

int main(void)
{
	int fd = -1;
	uint32_t child_tid = 0, parent_tid = 0;
	struct clone_args a = { .flags = CLONE_PIDFD_ | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID,
				.pidfd = (uintptr_t)&fd, .child_tid = (uintptr_t)&child_tid,
				.parent_tid = (uintptr_t)&parent_tid, .exit_signal = SIGCHLD };
	long pid = syscall(SYS_clone3, &a, sizeof a);
	if (!pid)
		_exit(child_tid == (uint32_t)getpid() ? 12 : 13);
	CHECK(pid > 0 && fd >= 0 && parent_tid == pid && child_tid == 0);
	t_reap("child", (pid_t)pid);
	signal(SIGUSR1, nothing), signal(SIGUSR2, SIG_IGN);
	a = (struct clone_args){ .flags = CLONE_CLEAR_SIGHAND_, .exit_signal = SIGCHLD };
	pid = syscall(SYS_clone3, &a, sizeof a);
	if (!pid) {
		struct sigaction one, two;
		sigaction(SIGUSR1, NULL, &one), sigaction(SIGUSR2, NULL, &two);
		_exit(one.sa_handler == SIG_DFL && two.sa_handler == SIG_IGN ? 14 : 15);
	}
	t_reap("cleared", (pid_t)pid);
	return 0;
}
