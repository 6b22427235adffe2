// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// umask returns the old one and takes bits from files and directories made after it.
#include "t.h"

int main(void)
{
	struct stat st;
	t_dir();
	umask(022);
	SHOW(umask(077));
	close(open("a", O_CREAT | O_WRONLY, 0666));
	NEED(stat("a", &st) == 0);
	say("%o", st.st_mode & 07777);
	SHOW(umask(0));
	NEED(mkdir("d", 0777) == 0 && stat("d", &st) == 0);
	say("%o", st.st_mode & 0777);
	SHOW(umask(07777));
	SHOW(umask(0));
	close(open("b", O_CREAT | O_WRONLY, 0123));
	NEED(stat("b", &st) == 0);
	say("%o", st.st_mode & 07777);
	return 0;
}
