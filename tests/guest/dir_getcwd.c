// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// getcwd follows chdir, through links and renames.
#include "t.h"

int main(void)
{
	char top[PATH_MAX], here[PATH_MAX];
	t_dir();
	NEED(getcwd(top, sizeof top));
	NEED(mkdir("a", 0700) == 0 && mkdir("a/b", 0700) == 0 && symlink("a/b", "l") == 0);
	SHOW(chdir("l"));
	NEED(getcwd(here, sizeof here));
	say("%s", here + strlen(top));
	SHOW(rename("../../a", "../../z"));
	NEED(getcwd(here, sizeof here));
	say("%s", here + strlen(top));
	CHECK(syscall(SYS_getcwd, here, sizeof here) == (long)strlen(here) + 1);
	SHOW(chdir("/"));
	say("%s", getcwd(here, sizeof here));
	SHOW(chdir("/.."));
	say("%s", getcwd(here, sizeof here));
	return 0;
}
