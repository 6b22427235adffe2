// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// fchdir goes back to where a descriptor was opened.
#include "t.h"

int main(void)
{
	t_dir();
	NEED(mkdir("a", 0700) == 0 && mkdir("a/b", 0700) == 0);
	t_file("mark", "");
	int top = open(".", O_RDONLY | O_DIRECTORY);
	SHOW(chdir("a/b"));
	SHOW(access("mark", F_OK));
	SHOW(access("../../mark", F_OK));
	SHOW(fchdir(top));
	SHOW(access("mark", F_OK));
	SHOW(chdir("a"));
	SHOW(chdir(".."));
	SHOW(chdir("."));
	SHOW(access("mark", F_OK));
	return 0;
}
