// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// link's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	t_file("a", "abc");
	t_file("b", "");
	NEED(mkdir("d", 0700) == 0);
	CHECK_ERR(link("a", "b"), EEXIST);
	CHECK_ERR(link("a", "a"), EEXIST);
	CHECK_ERR(link("none", "c"), ENOENT);
	CHECK_ERR(link("d", "e"), EPERM);
	CHECK_ERR(link("a", "none/c"), ENOENT);
	CHECK_ERR(link("a", "b/c"), ENOTDIR);
	CHECK_ERR(link("a", "d"), EEXIST);
	CHECK_ERR(linkat(AT_FDCWD, "a", AT_FDCWD, "c", 1), EINVAL);
	CHECK_ERR(link("", "c"), ENOENT);
	return 0;
}
