// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// fsync does what it can on files and refuses pipes.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int p[2];
	t_dir();
	int fd = open("a", O_CREAT | O_RDWR, 0600);
	SHOW(fsync(fd));
	SHOW(fdatasync(fd));
	NEED(pipe(p) == 0);
	CHECK_ERR(fsync(p[0]), EINVAL);
	CHECK_ERR(fdatasync(p[1]), EINVAL);
	CHECK_ERR(fsync(-1), EBADF);
	return 0;
}
