// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Directories that cannot be opened.
//
// ERROR: yes
#include "t.h"
#include <dirent.h>

int main(void)
{
	t_dir();
	t_file("f", "");
	CHECK(opendir("none") == NULL && errno == ENOENT);
	CHECK(opendir("f") == NULL && errno == ENOTDIR);
	CHECK(opendir("") == NULL && errno == ENOENT);
	CHECK(fdopendir(99) == NULL && errno == EBADF);
	CHECK(fdopendir(open("f", O_RDONLY)) == NULL && errno == ENOTDIR);
	return 0;
}
