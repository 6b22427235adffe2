// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Threads see each other's mappings and protections at once.
//
// ERROR: yes
#include "t.h"

static char *volatile shared;

static void *body(void *arg)
{
	shared = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	NEED(shared != MAP_FAILED);
	strcpy(shared + 500000, "made in a thread");
	return NULL;
}

static void *unmap(void *arg)
{
	NEED(munmap(shared, 4096) == 0);
	return NULL;
}

int main(void)
{
	t_join(t_thread(body, NULL));
	say("%s", shared + 500000);
	t_join(t_thread(unmap, NULL));
	say("%s", shared + 500000);
	CHECK_ERR(write(open("/dev/null", O_RDWR) + 100, shared, 1), EBADF);
	int p[2];
	NEED(pipe(p) == 0);
	CHECK_ERR(write(p[1], shared, 1), EFAULT);
	return 0;
}
