// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Mappings after fork: unmapped, protected and new ones are one process's own; files are shared.
#include "child.h"

int main(void)
{
	t_dir();
	t_file("f", "abcdefgh");
	int fd = open("f", O_RDWR);
	NEED(truncate("f", 8192) == 0);
	char *shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *private = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *anon = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	anon[0] = 'p', anon[8192] = 'q', private[1] = 'P';
	t_reap("child", FORK(({
		shared[0] = 'S', private[2] = 'C';
		NEED(munmap(anon, 4096) == 0 && mprotect(anon + 8192, 4096, PROT_READ) == 0);
		NEED(mmap(anon, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == anon);
		NEED(pipe((int[2]){ 0 }) == 0);
		int r = anon[0] == 0 && private[1] == 'P' && private[0] == 'S';
		sbrk(65536);
		r;
	})));
	say("shared %.3s private %.3s anon %c %c", shared, private, anon[0], anon[8192]);
	anon[8192] = 'w';
	say("%c", anon[8192]);
	return 0;
}
