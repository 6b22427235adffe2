// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Advice for forks that is refused, or given for a range with holes.
//
// ERROR: yes
#include "child.h"

#define PAGE 4096

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, fd = (int)syscall(SYS_memfd_create, "x", 0);
	char *a = mmap(NULL, 4 * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *s, *v, *sa;

	NEED(fd >= 0 && ftruncate(fd, PAGE) == 0 && a != MAP_FAILED);
	s = mmap(NULL, PAGE, prot, MAP_SHARED, fd, 0);
	v = mmap(NULL, PAGE, prot, MAP_PRIVATE, fd, 0);
	sa = mmap(NULL, PAGE, prot, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK_ERR(madvise(s, PAGE, MADV_WIPEONFORK), EINVAL);
	CHECK_ERR(madvise(v, PAGE, MADV_WIPEONFORK), EINVAL);
	CHECK_ERR(madvise(sa, PAGE, MADV_WIPEONFORK), EINVAL);
	CHECK_ERR(madvise(a + 1, PAGE, MADV_WIPEONFORK), EINVAL);
	CHECK(madvise(s, PAGE, MADV_KEEPONFORK) == 0 && madvise(a, 0, MADV_WIPEONFORK) == 0);
	CHECK(madvise(s, PAGE, MADV_DONTFORK) == 0 && madvise(s, PAGE, MADV_DOFORK) == 0);
	NEED(munmap(a + PAGE, PAGE) == 0);
	a[0] = a[2 * PAGE] = 5;
	CHECK_ERR(madvise(a, 4 * PAGE, MADV_WIPEONFORK), ENOMEM);
	// What is mapped of the range is wiped all the same.
	t_reap("first", FORK(a[0]));
	t_reap("third", FORK(a[2 * PAGE]));
	CHECK_ERR(madvise(a, 4 * PAGE, MADV_DONTFORK), ENOMEM);
	t_reap("gone", FORK(a[2 * PAGE]));
	CHECK_ERR(madvise(a, 4 * PAGE, MADV_DOFORK), ENOMEM);
	t_reap("back", FORK(a[2 * PAGE]));
	return 0;
}
