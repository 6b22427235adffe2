// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// One process never conflicts with itself; F_GETLK says so.
#include "t.h"

int main(void)
{
	t_dir();
	t_file("a", "0123456789");
	int fd = open("a", O_RDWR), other = open("a", O_RDWR);
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 2, .l_len = 4 };
	SHOW(fcntl(fd, F_SETLK, &l));
	SHOW(fcntl(other, F_SETLK, &l));
	SHOW(fcntl(other, F_SETLKW, &l));
	SHOW(fcntl(other, F_GETLK, &l));
	SHOW(l.l_type == F_UNLCK);
	l.l_type = F_RDLCK;
	SHOW(fcntl(fd, F_SETLK, &l));
	l.l_type = F_UNLCK;
	l.l_len = 0;
	SHOW(fcntl(fd, F_SETLK, &l));
	SHOW(close(fd));
	return 0;
}
