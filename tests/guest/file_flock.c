// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// flock belongs to the open file: another open of the same file conflicts, a dup does not.
//
// ERROR: yes
#include "t.h"
#include <sys/file.h>

int main(void)
{
	t_dir();
	t_file("a", "");
	int fd = open("a", O_RDWR), other = open("a", O_RDWR), same = dup(fd);
	SHOW(flock(fd, LOCK_EX));
	CHECK_ERR(flock(other, LOCK_EX | LOCK_NB), EAGAIN);
	CHECK_ERR(flock(other, LOCK_SH | LOCK_NB), EAGAIN);
	SHOW(flock(same, LOCK_SH));
	SHOW(flock(other, LOCK_SH | LOCK_NB));
	CHECK_ERR(flock(same, LOCK_EX | LOCK_NB), EAGAIN);
	SHOW(close(other));
	SHOW(flock(same, LOCK_EX | LOCK_NB));
	CHECK_ERR(flock(99, LOCK_SH), EBADF);
	CHECK_ERR(flock(fd, 0), EINVAL);
	return 0;
}
