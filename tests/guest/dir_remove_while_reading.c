// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Removing each entry as it is read leaves an empty directory.
#include "t.h"
#include <dirent.h>

int main(void)
{
	char name[300];
	int rounds = 0, left;
	t_dir();
	NEED(mkdir("d", 0700) == 0);
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof name, "d/f%03d", i);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	do {
		DIR *dir = opendir("d");
		left = 0;
		for (struct dirent *e; (e = readdir(dir));) {
			if (e->d_name[0] == '.')
				continue;
			snprintf(name, sizeof name, "d/%s", e->d_name);
			NEED(unlink(name) == 0);
			left++;
		}
		closedir(dir);
	} while (left && ++rounds < 100);
	SHOW(left);
	SHOW(rmdir("d"));
	return 0;
}
