// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// No execute bit is EACCES for everyone; odd modes are EINVAL.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	t_file("a", "");
	NEED(chmod("a", 0600) == 0 && symlink("nowhere", "l") == 0);
	CHECK_ERR(access("a", X_OK), EACCES);
	CHECK_ERR(access("a", 8), EINVAL);
	CHECK_ERR(access("none", R_OK), ENOENT);
	CHECK_ERR(access("a/b", F_OK), ENOTDIR);
	CHECK_ERR(access("l", F_OK), ENOENT);
	CHECK_ERR(access("", F_OK), ENOENT);
	CHECK_ERR(faccessat(99, "a", F_OK, 0), EBADF);
	return 0;
}
