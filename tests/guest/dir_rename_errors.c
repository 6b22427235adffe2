// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Renames that would tear the tree or overwrite what is not empty.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	NEED(mkdir("a", 0700) == 0 && mkdir("a/b", 0700) == 0 && mkdir("full", 0700) == 0);
	t_file("full/f", "");
	t_file("f", "");
	CHECK_ERR(rename("a", "a/b/c"), EINVAL);
	CHECK_ERR(rename("a", "a/c"), EINVAL);
	CHECK_ERR(rename("a", "full"), ENOTEMPTY);
	CHECK_ERR(rename("a", "f"), ENOTDIR);
	CHECK_ERR(rename("f", "a"), EISDIR);
	CHECK_ERR(rename("a/b", "a"), ENOTEMPTY);
	CHECK_ERR(rename("a/.", "z"), EBUSY);
	CHECK_ERR(rename("a", ".."), EBUSY);
	SHOW(rename("a", "a"));
	return 0;
}
