// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// vmsplice: what it refuses.
//
// ERROR: yes
#include "t.h"
#include <sys/uio.h>

int main(void)
{
	static char big[1 << 20];
	struct iovec v = { "abc", 3 }, b = { big, sizeof(big) }, bad = { BAD_PTR, 3 };
	int p[2], fd;

	t_dir();
	NEED(pipe(p) == 0 && (fd = open("f", O_RDWR | O_CREAT, 0600)) >= 0);
	signal(SIGPIPE, SIG_IGN);
	CHECK_ERR(vmsplice(p[1], &v, 1, 16), EINVAL);
	CHECK_ERR(vmsplice(99, &v, 1, 0), EBADF);
	CHECK_ERR(vmsplice(fd, &v, 1, 0), EBADF);
	CHECK_ERR(vmsplice(p[1], BAD_PTR, 1, 0), EFAULT);
	CHECK_ERR(vmsplice(p[1], &bad, 1, 0), EFAULT);
	CHECK_ERR(vmsplice(p[1], &v, 2000, 0), EINVAL);
	CHECK_ERR(vmsplice(p[0], &b, 1, 2 /* SPLICE_F_NONBLOCK */), EAGAIN);
	while (vmsplice(p[1], &b, 1, 2) > 0)
		;
	CHECK_ERR(vmsplice(p[1], &b, 1, 2), EAGAIN);
	NEED(close(p[0]) == 0);
	CHECK_ERR(vmsplice(p[1], &v, 1, 0), EPIPE);
	return 0;
}
