// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Directories come and go; mkdir obeys the umask.
#include "t.h"

int main(void)
{
	struct stat st;
	t_dir();
	umask(027);
	SHOW(mkdir("d", 0777));
	NEED(stat("d", &st) == 0);
	say("%o", st.st_mode);
	SHOW(mkdir("d/e", 0700));
	SHOW(mkdirat(AT_FDCWD, "d/e/f", 0700));
	SHOW(rmdir("d/e/f"));
	SHOW(unlinkat(AT_FDCWD, "d/e", AT_REMOVEDIR));
	SHOW(rmdir("d"));
	CHECK_ERR(stat("d", &st), ENOENT);
	return 0;
}
