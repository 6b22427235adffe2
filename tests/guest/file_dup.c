// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// dup takes the lowest number, dup2 a given one; both share the offset.
#include "t.h"

int main(void)
{
	char buf[8] = { 0 };
	t_dir();
	t_file("a", "abcdef");
	int fd = open("a", O_RDONLY);
	int two = SHOW(dup(fd));
	SHOW(dup2(fd, 9));
	SHOW(dup2(fd, fd));
	SHOW(read(fd, buf, 2));
	SHOW(read(two, buf, 2));
	SHOW(read(9, buf, 2));
	say("%s", buf);
	SHOW(close(fd));
	SHOW(lseek(two, 1, SEEK_SET));
	SHOW(lseek(9, 0, SEEK_CUR));
	SHOW(dup(9));
	SHOW(dup3(9, 11, O_CLOEXEC));
	SHOW(fcntl(11, F_GETFD));
	SHOW(fcntl(9, F_GETFD));
	SHOW(fcntl(9, F_DUPFD, 20));
	SHOW(fcntl(9, F_DUPFD_CLOEXEC, 20));
	SHOW(fcntl(21, F_GETFD));
	SHOW(dup2(9, 20));
	return 0;
}
