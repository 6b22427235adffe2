// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// unlinkat's flags and descriptors.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	NEED(mkdir("d", 0700) == 0);
	t_file("d/f", "");
	int dir = open("d", O_RDONLY);
	CHECK_ERR(unlinkat(dir, "f", AT_REMOVEDIR), ENOTDIR);
	CHECK_ERR(unlinkat(AT_FDCWD, "d", AT_REMOVEDIR), ENOTEMPTY);
	CHECK_ERR(unlinkat(AT_FDCWD, "d", 0), EISDIR);
	CHECK_ERR(unlinkat(dir, "f", 0x40), EINVAL);
	CHECK_ERR(unlinkat(99, "f", 0), EBADF);
	CHECK_ERR(unlinkat(dir, "g", 0), ENOENT);
	SHOW(unlinkat(dir, "f", 0));
	SHOW(unlinkat(AT_FDCWD, "d", AT_REMOVEDIR));
	return 0;
}
