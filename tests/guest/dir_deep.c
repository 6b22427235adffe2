// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Forty directories in each other, walked down and up by "..".
#include "t.h"

int main(void)
{
	char path[400] = "";
	t_dir();
	t_file("mark", "");
	for (int i = 0; i < 40; i++) {
		NEED(mkdir("deep", 0700) == 0 && chdir("deep") == 0);
		strcat(path, "../");
	}
	strcat(path, "mark");
	SHOW(access(path, F_OK));
	for (int i = 0; i < 40; i++)
		NEED(chdir("..") == 0 && rmdir("deep") == 0);
	SHOW(access("mark", F_OK));
	SHOW(access("deep", F_OK));
	return 0;
}
