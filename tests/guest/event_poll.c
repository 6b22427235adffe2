// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// poll shows what each descriptor can do, and passes over negative ones.
#include "t.h"

int main(void)
{
	int p[2];
	t_dir();
	t_file("a", "");
	NEED(pipe(p) == 0);
	struct pollfd f[] = {
		{ p[0], POLLIN, 77 }, { p[1], POLLOUT, 0 }, { -1, POLLIN, 77 }, { open("a", O_RDWR),
		POLLIN | POLLOUT, 0 },
		{ open("/dev/null", O_RDWR), POLLIN | POLLOUT, 0 },
	};
	SHOW(poll(f, 5, 0));
	for (int i = 0; i < 5; i++)
		say("%x", f[i].revents);
	SHOW(write(p[1], "x", 1));
	SHOW(poll(f, 1, -1));
	say("%x", f[0].revents);
	SHOW(close(p[1]));
	SHOW(poll(f, 1, -1));
	say("%x", f[0].revents);
	return 0;
}
