// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What unlink refuses.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	t_file("a", "");
	NEED(mkdir("d", 0700) == 0 && symlink("d", "l") == 0);
	CHECK_ERR(unlink("none"), ENOENT);
	CHECK_ERR(unlink(""), ENOENT);
	CHECK_ERR(unlink("d"), EISDIR);
	CHECK_ERR(unlink("a/"), ENOTDIR);
	CHECK_ERR(unlink("l/"), ENOTDIR);
	CHECK_ERR(unlink("a/b"), ENOTDIR);
	CHECK_ERR(unlinkat(99, "a", 0), EBADF);
	CHECK_ERR(unlinkat(AT_FDCWD, "a", 0x1), EINVAL);
	SHOW(unlink("l"));
	SHOW(unlink("a"));
	CHECK_ERR(unlink("a"), ENOENT);
	return 0;
}
