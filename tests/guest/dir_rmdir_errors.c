// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// rmdir's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	t_file("f", "");
	NEED(mkdir("d", 0700) == 0 && symlink("d", "l") == 0);
	t_file("d/f", "");
	CHECK_ERR(rmdir("d"), ENOTEMPTY);
	CHECK_ERR(rmdir("f"), ENOTDIR);
	CHECK_ERR(rmdir("l"), ENOTDIR);
	CHECK_ERR(rmdir("d/."), EINVAL);
	CHECK_ERR(rmdir("d/.."), ENOTEMPTY);
	CHECK_ERR(rmdir("none"), ENOENT);
	CHECK_ERR(rmdir(""), ENOENT);
	CHECK_ERR(rmdir("/"), EBUSY);
	CHECK_ERR(unlinkat(AT_FDCWD, "f", AT_REMOVEDIR), ENOTDIR);
	SHOW(unlink("d/f"));
	SHOW(rmdir("d"));
	return 0;
}
