// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A component over 255 bytes and a path over 4095.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	static char name[300], path[5000];
	struct stat st;
	t_dir();
	memset(name, 'n', 255);
	SHOW(close(open(name, O_CREAT | O_WRONLY, 0600)));
	SHOW(stat(name, &st));
	memset(name, 'n', 256);
	CHECK_ERR(open(name, O_CREAT | O_WRONLY, 0600), ENAMETOOLONG);
	CHECK_ERR(stat(name, &st), ENAMETOOLONG);
	CHECK_ERR(mkdir(name, 0700), ENAMETOOLONG);
	CHECK_ERR(symlink("a", name), ENAMETOOLONG);
	for (int i = 0; i < 4998; i += 2)
		memcpy(path + i, "./", 2);
	CHECK_ERR(open(path, O_RDONLY), ENAMETOOLONG);
	CHECK_ERR(chdir(path), ENAMETOOLONG);
	path[4094] = 0;
	SHOW(stat(path, &st));
	return 0;
}
