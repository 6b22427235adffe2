// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A closed descriptor is POLLNVAL; bad memory and counts are errors.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int p[2];
	NEED(pipe(p) == 0);
	struct pollfd f[2] = { { 99, POLLIN, 0 }, { p[0], POLLIN, 0 } };
	SHOW(poll(f, 2, -1));
	say("%x %x", f[0].revents, f[1].revents);
	close(p[0]);
	SHOW(poll(f, 2, 0));
	say("%x %x", f[0].revents, f[1].revents);
	f[0].fd = p[1];
	f[0].events = 0;
	SHOW(poll(f, 1, 0));
	say("%x", f[0].revents);
	CHECK_ERR(syscall(SYS_poll, BAD_PTR, 1, 0), EFAULT);
	CHECK_ERR(syscall(SYS_poll, f, 0x7fffffff, 0), EINVAL);
	return 0;
}
