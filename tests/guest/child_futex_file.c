// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A word of a file that two processes have mapped at different addresses.
#include "child.h"
#include "tfutex.h"

static int *map(void)
{
	int fd = open("word", O_RDWR), *p;
	NEED(fd >= 0);
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	NEED(p != MAP_FAILED);
	close(fd);
	return p;
}

int main(void)
{
	t_dir();
	t_file("word", "");
	NEED(truncate("word", 4096) == 0);
	int *a = map();
	pid_t pid = FORK(({
		NEED(mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
		int *b = map();
		NEED(b != a && munmap(a, 4096) == 0);
		*b = 1;
		while (*b == 1)
			syscall(SYS_futex, b, FUTEX_WAIT, 1, NULL, NULL, 0);
		*b;
	}));
	while (*a != 1)
		sched_yield();
	t_sleep_ms(10);
	*a = 17;
	CHECK(syscall(SYS_futex, a, FUTEX_WAKE, 1, NULL, NULL, 0) >= 0);
	t_reap("child", pid);
	return 0;
}
