// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// System calls obey protections: no writing to read-only memory for a program, no reading of
// PROT_NONE.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	t_file("a", "abc");
	int fd = open("a", O_RDWR);
	char *ro = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *none = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK_ERR(read(fd, ro, 3), EFAULT);
	CHECK_ERR(read(fd, none, 3), EFAULT);
	CHECK_ERR(write(fd, none, 3), EFAULT);
	CHECK_ERR(syscall(SYS_fstat, fd, ro), EFAULT);
	CHECK_ERR(open(none, O_RDONLY), EFAULT);
	CHECK_ERR(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, ro), EFAULT);
	SHOW(write(fd, ro, 1));
	SHOW(ro[0]);
	SHOW(lseek(fd, 0, SEEK_CUR));
	return 0;
}
