// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A descriptor opened for one direction refuses the other.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char c;
	struct iovec iov = { &c, 1 };
	t_dir();
	t_file("a", "x");
	int r = open("a", O_RDONLY), w = open("a", O_WRONLY);
	CHECK_ERR(write(r, "y", 1), EBADF);
	CHECK_ERR(pwrite(r, "y", 1, 0), EBADF);
	CHECK_ERR(writev(r, &iov, 1), EBADF);
	CHECK_ERR(ftruncate(r, 0), EINVAL);
	CHECK_ERR(read(w, &c, 1), EBADF);
	CHECK_ERR(pread(w, &c, 1, 0), EBADF);
	CHECK_ERR(readv(w, &iov, 1), EBADF);
	SHOW(read(r, &c, 1));
	SHOW(write(w, &c, 1));
	return 0;
}
