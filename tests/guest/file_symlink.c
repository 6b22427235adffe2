// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Links are followed, relative to where they are; readlink cuts off without a NUL.
#include "t.h"

int main(void)
{
	char buf[32];
	t_dir();
	NEED(mkdir("d", 0700) == 0);
	t_file("d/f", "inside");
	SHOW(symlink("f", "d/l"));
	SHOW(symlink("d", "dl"));
	SHOW(symlink("/dev/null", "abs"));
	memset(buf, '#', sizeof buf);
	SHOW(read(open("d/l", O_RDONLY), buf, sizeof buf));
	say("%.6s", buf);
	SHOW(access("dl/l", R_OK));
	SHOW(access("dl/../dl/./f", R_OK));
	memset(buf, '#', sizeof buf);
	SHOW(readlink("abs", buf, sizeof buf));
	say("%.10s", buf);
	SHOW(readlink("abs", buf, 4));
	SHOW(read(open("abs", O_RDONLY), buf, 1));
	SHOW(unlink("dl"));
	SHOW(access("d/f", F_OK));
	return 0;
}
