// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// F_GETFL shows the access mode and status flags; F_SETFL changes only some of them.
#include "t.h"

int main(void)
{
	t_dir();
	int fd = open("a", O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
	SHOW(fcntl(fd, F_GETFL) & O_ACCMODE);
	SHOW(fcntl(fd, F_GETFL) & (O_APPEND | O_NONBLOCK | O_CREAT | O_TRUNC));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY));
	say("%o", fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
	int two = dup(fd);
	SHOW(fcntl(two, F_GETFD));
	SHOW(fcntl(two, F_SETFL, 0));
	say("%o", fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
	SHOW(fcntl(fd, F_SETFD, 0));
	SHOW(fcntl(fd, F_GETFD));
	return 0;
}
