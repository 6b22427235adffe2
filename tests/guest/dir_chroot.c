// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// After chroot paths begin at the new root, and nothing leads above it.
// ROOT: yes
#include "t.h"

int main(void)
{
	char path[PATH_MAX];
	struct stat up, here;

	t_dir();
	NEED(!mkdir("jail", 0755) && !mkdir("jail/in", 0755));
	NEED(close(open("jail/file", O_CREAT | O_WRONLY, 0644)) == 0);
	NEED(!symlink("/file", "jail/in/link"));
	CHECK_ERR(chroot("nowhere"), ENOENT);
	CHECK_ERR(chroot("jail/file"), ENOTDIR);
	CHECK_ERR(chroot(BAD_PTR), EFAULT);
	CHECK(!chroot("jail"));
	CHECK(!chdir("/in"));
	CHECK(getcwd(path, sizeof(path)));
	say("%s", path);
	CHECK(!access("link", R_OK));
	CHECK(!access("../../../file", R_OK));
	CHECK_ERR(access("/jail", F_OK), ENOENT);
	NEED(!stat("/..", &up) && !stat("/", &here));
	CHECK(up.st_ino == here.st_ino);
	return 0;
}
