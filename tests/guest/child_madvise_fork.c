// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What a child has of memory with MADV_WIPEONFORK (zeros) and MADV_DONTFORK (nothing).
#include "child.h"

#define PAGE 4096

// A child that reads *p: what it finds, or -1 if it ends by SIGSEGV.
static int child_reads(volatile char *p)
{
	int status, pid = FORK(p[0]);

	NEED(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status) == SIGSEGV ? -1 : -2;
}

// In a child: the same again for its own child.
static int grandchild_reads(char *p)
{
	int status, pid = FORK(({ p[0] = 7; child_reads(p); }));

	NEED(waitpid(pid, &status, 0) == pid);
	return WEXITSTATUS(status);
}

int main(void)
{
	char *a = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *s = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 8; i++)
		a[i * PAGE] = (char)(i + 1);
	s[0] = 9;
	CHECK(madvise(a + PAGE, PAGE, MADV_WIPEONFORK) == 0);
	CHECK(madvise(a + 3 * PAGE, 2 * PAGE, MADV_DONTFORK) == 0);
	CHECK(madvise(s, PAGE, MADV_DONTFORK) == 0);
	for (int i = 0; i < 8; i++)
		say("page %d: %d here, %d in the child", i, a[i * PAGE], child_reads(a + i * PAGE));
	say("shared: %d", child_reads(s));
	say("a grandchild: %d", grandchild_reads(a + PAGE));
	a[PAGE] = 22, a[3 * PAGE] = 33; // still the parent's own
	CHECK(a[PAGE] == 22 && a[3 * PAGE] == 33);
	CHECK(madvise(a, 8 * PAGE, MADV_KEEPONFORK) == 0);
	CHECK(madvise(a + 4 * PAGE, PAGE, MADV_DOFORK) == 0);
	say("kept: %d, %d, %d", child_reads(a + PAGE), child_reads(a + 3 * PAGE),
	    child_reads(a + 4 * PAGE));
	// A child can map something where it has nothing.
	t_reap("maps", FORK(({
		char *p = mmap(a + 3 * PAGE, PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | 0x100000 /* FIXED_NOREPLACE */, -1, 0);
		NEED(p == a + 3 * PAGE && p[0] == 0);
		p[0] = 44;
		sched_yield();
		p[0];
	})));
	CHECK(a[3 * PAGE] == 33);
	return 0;
}
