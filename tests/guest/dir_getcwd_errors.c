// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A buffer too small, a bad one, and a directory that is gone.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char buf[PATH_MAX];
	t_dir();
	CHECK(!getcwd(buf, 3) && errno == ERANGE);
	CHECK_ERR(syscall(SYS_getcwd, buf, 3), ERANGE);
	CHECK_ERR(syscall(SYS_getcwd, BAD_PTR, 4096), EFAULT);
	NEED(mkdir("d", 0700) == 0 && chdir("d") == 0 && rmdir("../d") == 0);
	CHECK(!getcwd(buf, sizeof buf) && errno == ENOENT);
	return 0;
}
