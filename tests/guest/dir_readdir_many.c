// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A thousand names are each listed once.
#include "t.h"
#include <dirent.h>

int main(void)
{
	static unsigned char seen[1000];
	char name[32];
	int count = 0, other = 0, k;
	t_dir();
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "a-long-enough-name-%d", i);
		int fd = open(name, O_CREAT | O_WRONLY, 0600);
		NEED(fd >= 0 && close(fd) == 0);
	}
	DIR *dir = opendir(".");
	NEED(dir);
	for (struct dirent *e; (e = readdir(dir));) {
		if (sscanf(e->d_name, "a-long-enough-name-%d", &k) != 1) {
			other++;
			continue;
		}
		NEED(k >= 0 && k < 1000 && !seen[k]);
		seen[k] = 1;
		count++;
	}
	SHOW(count);
	SHOW(other);
	SHOW(closedir(dir));
	return 0;
}
