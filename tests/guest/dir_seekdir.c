// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// telldir, seekdir and rewinddir come back to the same entries.
#include "t.h"
#include <dirent.h>

int main(void)
{
	char name[16], third[256] = "";
	int count = 0;
	t_dir();
	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof name, "f%d", i);
		t_file(name, "");
	}
	DIR *dir = opendir(".");
	NEED(readdir(dir) && readdir(dir));
	long at = telldir(dir);
	strcpy(third, readdir(dir)->d_name);
	while (readdir(dir))
		count++;
	SHOW(count);
	seekdir(dir, at);
	SHOW(strcmp(readdir(dir)->d_name, third));
	rewinddir(dir);
	for (count = 0; readdir(dir);)
		count++;
	SHOW(count);
	CHECK(dirfd(dir) >= 0);
	return 0;
}
