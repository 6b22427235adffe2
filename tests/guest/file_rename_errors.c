// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// rename's refusals; RENAME_NOREPLACE is one of them.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	t_file("a", "");
	t_file("b", "");
	NEED(mkdir("d", 0700) == 0);
	CHECK_ERR(rename("none", "c"), ENOENT);
	CHECK_ERR(rename("a", "d"), EISDIR);
	CHECK_ERR(rename("d", "a"), ENOTDIR);
	CHECK_ERR(rename("a", "none/c"), ENOENT);
	CHECK_ERR(rename("a", "b/c"), ENOTDIR);
	CHECK_ERR(rename("a", ""), ENOENT);
	CHECK_ERR(rename("a", "c/"), ENOTDIR);
	CHECK_ERR(syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "b", 1), EEXIST);
	CHECK_ERR(syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "b", 0x100), EINVAL);
	CHECK_ERR(renameat(99, "a", AT_FDCWD, "c"), EBADF);
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "c", 1));
	return 0;
}
