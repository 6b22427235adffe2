// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// O_CREAT|O_EXCL refuses whatever is there, a dangling symbolic link too.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	SHOW(open("a", O_CREAT | O_EXCL | O_WRONLY, 0600));
	CHECK_ERR(open("a", O_CREAT | O_EXCL | O_WRONLY, 0600), EEXIST);
	SHOW(mkdir("d", 0700));
	CHECK_ERR(open("d", O_CREAT | O_EXCL | O_WRONLY, 0600), EEXIST);
	SHOW(symlink("nowhere", "l"));
	CHECK_ERR(open("l", O_CREAT | O_EXCL | O_WRONLY, 0600), EEXIST);
	SHOW(open("l", O_CREAT | O_WRONLY, 0600));
	SHOW(access("nowhere", F_OK));
	return 0;
}
