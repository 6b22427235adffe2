// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// lseek's refusals leave the offset as it was.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int p[2];
	t_dir();
	t_file("a", "abcdef");
	int fd = open("a", O_RDWR);
	SHOW(lseek(fd, 2, SEEK_SET));
	CHECK_ERR(lseek(fd, -1, SEEK_SET), EINVAL);
	CHECK_ERR(lseek(fd, -3, SEEK_CUR), EINVAL);
	CHECK_ERR(lseek(fd, -7, SEEK_END), EINVAL);
	CHECK_ERR(lseek(fd, 0, 77), EINVAL);
	SHOW(lseek(fd, 0, SEEK_CUR));
	NEED(pipe(p) == 0);
	CHECK_ERR(lseek(p[0], 0, SEEK_SET), ESPIPE);
	CHECK_ERR(lseek(p[1], 0, SEEK_CUR), ESPIPE);
	CHECK_ERR(lseek(fd, 6, 3 /* SEEK_DATA */), ENXIO);
	return 0;
}
