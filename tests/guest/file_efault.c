// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Pointers to nothing, in both directions.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	t_file("a", "abc");
	int fd = open("a", O_RDWR);
	CHECK_ERR(read(fd, BAD_PTR, 3), EFAULT);
	CHECK_ERR(write(fd, BAD_PTR, 3), EFAULT);
	CHECK_ERR(open((char *)BAD_PTR, O_RDONLY), EFAULT);
	CHECK_ERR(syscall(SYS_stat, "a", BAD_PTR), EFAULT);
	CHECK_ERR(syscall(SYS_stat, BAD_PTR, BAD_PTR), EFAULT);
	CHECK_ERR(syscall(SYS_fstat, fd, BAD_PTR), EFAULT);
	CHECK_ERR(mkdir((char *)BAD_PTR, 0700), EFAULT);
	CHECK_ERR(unlink((char *)BAD_PTR), EFAULT);
	CHECK_ERR(rename("a", (char *)BAD_PTR), EFAULT);
	CHECK_ERR(chdir((char *)BAD_PTR), EFAULT);
	CHECK_ERR(syscall(SYS_pipe, BAD_PTR), EFAULT);
	CHECK_ERR(read(fd, (void *)0xffff800000000000ul, 3), EFAULT);
	SHOW(lseek(fd, 0, SEEK_CUR));
	return 0;
}
