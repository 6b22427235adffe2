// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A name that runs into an unmapped page is a bad address; one that ends in time is not.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	SHOW(munmap(p + 4096, 4096));
	char *end = p + 4096;
	memcpy(end - 10, "/dev/null", 10);
	SHOW(open(end - 10, O_RDONLY));
	memcpy(end - 9, "/dev/null", 9);
	CHECK_ERR(open(end - 9, O_RDONLY), EFAULT);
	struct stat st;
	CHECK_ERR(stat(end - 9, &st), EFAULT);
	CHECK_ERR(syscall(SYS_fstat, 3, end - 16), EFAULT);
	CHECK_ERR(syscall(SYS_clock_gettime, CLOCK_REALTIME, end - 8), EFAULT);
	SHOW(syscall(SYS_clock_gettime, CLOCK_REALTIME, end - 16));
	return 0;
}
