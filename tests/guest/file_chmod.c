// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Modes as set, by path and by descriptor; the type stays.
#include "t.h"

static void show(const char *path)
{
	struct stat st;
	NEED(stat(path, &st) == 0);
	say("%s %o", path, st.st_mode);
}

int main(void)
{
	t_dir();
	t_file("a", "x");
	NEED(mkdir("d", 0700) == 0);
	SHOW(chmod("a", 0600));
	show("a");
	int fd = open("a", O_RDONLY);
	SHOW(fchmod(fd, 0444));
	show("a");
	SHOW(chmod("d", 01777));
	show("d");
	SHOW(fchmodat(AT_FDCWD, "d", 0711, 0));
	show("d");
	SHOW(chmod("a", 0170000 | 0640));
	show("a");
	NEED(symlink("a", "l") == 0);
	SHOW(chmod("l", 0604));
	show("a");
	return 0;
}
