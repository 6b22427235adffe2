// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Descriptors are copied, positions are shared; directory and umask are one's own.
#include "child.h"

int main(void)
{
	char buf[4] = "", cwd[2][256];
	t_dir();
	NEED(mkdir("d", 0755) == 0);
	t_file("f", "abcdef");
	int fd = open("f", O_RDONLY);
	umask(022);
	getcwd(cwd[0], sizeof cwd[0]);
	t_reap("child", FORK(({
		NEED(read(fd, buf, 3) == 3);
		NEED(chdir("d") == 0);
		umask(077);
		NEED(dup2(fd, 30) == 30);
		close(fd);
		0;
	})));
	NEED(read(fd, buf, 3) == 3);
	say("%s", buf);
	CHECK_ERR(fcntl(30, F_GETFD), EBADF);
	CHECK(umask(0) == 022);
	getcwd(cwd[1], sizeof cwd[1]);
	CHECK(strcmp(cwd[0], cwd[1]) == 0);
	return 0;
}
