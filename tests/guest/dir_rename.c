// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Directories are renamed with all that is in them, over an empty one too.
#include "t.h"

int main(void)
{
	t_dir();
	NEED(mkdir("a", 0700) == 0 && mkdir("a/b", 0700) == 0 && mkdir("empty", 0700) == 0);
	t_file("a/b/f", "x");
	int fd = open("a/b", O_RDONLY);
	SHOW(rename("a", "c"));
	SHOW(access("c/b/f", F_OK));
	SHOW(rename("c", "empty"));
	SHOW(access("empty/b/f", F_OK));
	SHOW(rename("empty/b", "moved"));
	SHOW(faccessat(fd, "f", F_OK, 0));
	SHOW(faccessat(fd, "../moved/f", F_OK, 0));
	SHOW(rmdir("empty"));
	return 0;
}
