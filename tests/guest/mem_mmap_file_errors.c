// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// File mappings that the descriptor does not allow.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int p[2];
	t_dir();
	t_file("a", "abc");
	NEED(pipe(p) == 0 && mkdir("d", 0700) == 0);
	int r = open("a", O_RDONLY), w = open("a", O_WRONLY), d = open("d", O_RDONLY);
	CHECK_ERR(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, r, 0), EACCES);
	CHECK_ERR(mmap(NULL, 4096, PROT_READ, MAP_SHARED, w, 0), EACCES);
	CHECK_ERR(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, w, 0), EACCES);
	CHECK_ERR(syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, r, 100), EINVAL);
	CHECK_ERR(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, d, 0), ENODEV);
	CHECK_ERR(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, p[0], 0), ENODEV);
	void *m = mmap(NULL, 4096, PROT_READ, MAP_SHARED, r, 0);
	CHECK(m != MAP_FAILED);
	CHECK_ERR(mprotect(m, 4096, PROT_READ | PROT_WRITE), EACCES);
	return 0;
}
