// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Offsets that make no sense, and descriptors without offsets.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char c = 0;
	int p[2];
	t_dir();
	t_file("a", "abc");
	int fd = open("a", O_RDWR);
	CHECK_ERR(pread(fd, &c, 1, -1), EINVAL);
	CHECK_ERR(pwrite(fd, &c, 1, -1), EINVAL);
	NEED(pipe(p) == 0);
	CHECK_ERR(pread(p[0], &c, 1, 0), ESPIPE);
	CHECK_ERR(pwrite(p[1], &c, 1, 0), ESPIPE);
	CHECK_ERR(pread(fd, BAD_PTR, 1, 0), EFAULT);
	CHECK_ERR(pwrite(fd, BAD_PTR, 1, 0), EFAULT);
	SHOW(pread(fd, &c, 1, 2));
	say("%c", c);
	return 0;
}
