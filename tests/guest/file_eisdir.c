// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Directories are neither read, written nor unlinked as files.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char c;
	t_dir();
	NEED(mkdir("d", 0700) == 0);
	CHECK_ERR(open("d", O_WRONLY), EISDIR);
	CHECK_ERR(open("d", O_RDWR), EISDIR);
	CHECK_ERR(open("d", O_RDONLY | O_CREAT, 0600), EISDIR);
	CHECK_ERR(open("d", O_RDONLY | O_TRUNC), EISDIR);
	int fd = SHOW(open("d", O_RDONLY));
	CHECK_ERR(read(fd, &c, 1), EISDIR);
	CHECK_ERR(write(fd, &c, 1), EBADF);
	CHECK_ERR(ftruncate(fd, 0), EINVAL);
	CHECK_ERR(unlink("d"), EISDIR);
	CHECK_ERR(truncate("d", 0), EISDIR);
	return 0;
}
