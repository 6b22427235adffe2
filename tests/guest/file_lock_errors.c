// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Locks of the wrong kind, range or descriptor.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	t_file("a", "0123456789");
	int r = open("a", O_RDONLY), w = open("a", O_WRONLY);
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	CHECK_ERR(fcntl(r, F_SETLK, &l), EBADF);
	l.l_type = F_RDLCK;
	CHECK_ERR(fcntl(w, F_SETLK, &l), EBADF);
	CHECK_ERR(fcntl(99, F_SETLK, &l), EBADF);
	l.l_type = 77;
	CHECK_ERR(fcntl(w, F_SETLK, &l), EINVAL);
	l = (struct flock){ .l_type = F_RDLCK, .l_whence = 9 };
	CHECK_ERR(fcntl(r, F_SETLK, &l), EINVAL);
	l = (struct flock){ .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = -5 };
	CHECK_ERR(fcntl(r, F_SETLK, &l), EINVAL);
	return 0;
}
