// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Empty and full pipes with O_NONBLOCK are EAGAIN.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int p[2];
	static char buf[4096];
	long total = 0, n;
	SHOW(pipe2(p, O_NONBLOCK));
	CHECK_ERR(read(p[0], buf, 1), EAGAIN);
	while ((n = write(p[1], buf, sizeof buf)) > 0)
		total += n;
	SHOW(total);
	CHECK_ERR(write(p[1], buf, 1), EAGAIN);
	SHOW(read(p[0], buf, 4096));
	SHOW(write(p[1], buf, 4096));
	CHECK_ERR(write(p[1], buf, 1), EAGAIN);
	SHOW(poll(&(struct pollfd){ p[1], POLLOUT, 0 }, 1, 0));
	SHOW(close(p[1]));
	for (n = 0; read(p[0], buf, sizeof buf) > 0; n++)
		;
	SHOW(n);
	SHOW(read(p[0], buf, 1));
	return 0;
}
