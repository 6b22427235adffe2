// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Links in circles, chains too long, and O_NOFOLLOW.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	struct stat st;
	char a[16], b[16];
	t_dir();
	NEED(symlink("y", "x") == 0 && symlink("x", "y") == 0 && symlink("self", "self") == 0);
	CHECK_ERR(open("x", O_RDONLY), ELOOP);
	CHECK_ERR(stat("self", &st), ELOOP);
	CHECK_ERR(chdir("x"), ELOOP);
	CHECK_ERR(open("x/more", O_RDONLY), ELOOP);
	SHOW(lstat("x", &st));
	t_file("l0", "end");
	for (int i = 1; i <= 45; i++) {
		snprintf(a, sizeof a, "l%d", i - 1);
		snprintf(b, sizeof b, "l%d", i);
		NEED(symlink(a, b) == 0);
	}
	SHOW(stat("l40", &st));
	CHECK_ERR(stat("l41", &st), ELOOP);
	CHECK_ERR(open("l1", O_RDONLY | O_NOFOLLOW), ELOOP);
	return 0;
}
