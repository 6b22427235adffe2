// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// realpath resolves links and dots, and says what is wrong.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char top[PATH_MAX], path[PATH_MAX];
	t_dir();
	NEED(mkdir("d", 0700) == 0 && mkdir("d/e", 0700) == 0 && symlink("d/e", "l") == 0 &&
			symlink("loop", "loop") == 0);
	t_file("d/e/f", "");
	NEED(realpath(".", top));
	NEED(realpath("l/../e/./f", path));
	say("%s", path + strlen(top));
	NEED(realpath("l", path));
	say("%s", path + strlen(top));
	say("%s", realpath("/../..", path));
	CHECK(realpath("none", path) == NULL && errno == ENOENT);
	CHECK(realpath("d/e/f/x", path) == NULL && errno == ENOTDIR);
	CHECK(realpath("loop", path) == NULL && errno == ELOOP);
	CHECK(realpath("", path) == NULL && errno == ENOENT);
	return 0;
}
