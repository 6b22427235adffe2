// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Lengths and things that cannot be truncated.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int p[2];
	t_dir();
	t_file("a", "abc");
	NEED(mkdir("d", 0700) == 0 && pipe(p) == 0);
	int r = open("a", O_RDONLY), w = open("a", O_WRONLY);
	CHECK_ERR(truncate("a", -1), EINVAL);
	CHECK_ERR(ftruncate(w, -1), EINVAL);
	CHECK_ERR(ftruncate(r, 0), EINVAL);
	CHECK_ERR(ftruncate(p[1], 0), EINVAL);
	CHECK_ERR(truncate("d", 0), EISDIR);
	CHECK_ERR(truncate("a/b", 0), ENOTDIR);
	CHECK_ERR(truncate("", 0), ENOENT);
	return 0;
}
