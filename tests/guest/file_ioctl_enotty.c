// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Terminal requests on what is no terminal.
//
// ERROR: yes
#include "t.h"
#include <termios.h>

int main(void)
{
	struct termios tio;
	struct winsize ws;
	int p[2], n;
	t_dir();
	int fd = open("a", O_CREAT | O_RDWR, 0600);
	NEED(pipe(p) == 0 && write(p[1], "abc", 3) == 3);
	CHECK_ERR(ioctl(fd, TCGETS, &tio), ENOTTY);
	CHECK_ERR(ioctl(fd, TIOCGWINSZ, &ws), ENOTTY);
	CHECK_ERR(ioctl(p[0], TCGETS, &tio), ENOTTY);
	CHECK_ERR(ioctl(fd, 0x12345678, 0), ENOTTY);
	CHECK_ERR(ioctl(p[0], 0x12345678, 0), ENOTTY);
	CHECK_ERR(ioctl(fd, FIONREAD, BAD_PTR), EFAULT);
	SHOW(isatty(fd));
	SHOW(ioctl(p[0], FIONREAD, &n));
	SHOW(n);
	return 0;
}
