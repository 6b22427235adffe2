// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// fork: memory of its own, shared memory in common, pids, and how the child ended.
#include "child.h"

static int data = 1;

int main(void)
{
	int stack = 2, *heap = malloc(100000), *shared;
	pid_t me = getpid(), pid;
	heap[5000] = 3;
	shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	NEED(shared != MAP_FAILED);
	pid = fork();
	if (!pid) {
		CHECK(getppid() == me);
		CHECK(getpid() != me);
		CHECK(getpgrp() == getpgid(me));
		CHECK(getsid(0) == getsid(me));
		CHECK(gettid() == getpid());
		say("child sees %d %d %d", data, stack, heap[5000]);
		data = 10, stack = 20, heap[5000] = 30;
		shared[0] = 40, shared[1024] = 50;
		memset(malloc(300000), 1, 300000);
		say("child has %d %d %d", data, stack, heap[5000]);
		_exit(42);
	}
	t_reap("child", pid);
	say("parent has %d %d %d, shared %d %d", data, stack, heap[5000], shared[0], shared[1024]);
	return 0;
}
