// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Paths relative to a directory's descriptor; absolute ones ignore it.
#include "t.h"

int main(void)
{
	struct stat st;
	char buf[8] = { 0 };
	t_dir();
	NEED(mkdir("d", 0700) == 0);
	t_file("d/f", "abc");
	int dir = open("d", O_RDONLY | O_DIRECTORY);
	int fd = openat(dir, "f", O_RDONLY);
	SHOW(read(fd, buf, 8));
	SHOW(fstatat(dir, "f", &st, 0));
	SHOW(st.st_size);
	SHOW(fstatat(fd, "", &st, 0x1000 /* AT_EMPTY_PATH */));
	SHOW(close(openat(dir, "g", O_CREAT | O_WRONLY, 0600)));
	SHOW(access("d/g", F_OK));
	SHOW(close(openat(99, "/dev/null", O_RDONLY)));
	SHOW(rename("d", "e"));
	SHOW(faccessat(dir, "g", F_OK, 0));
	SHOW(faccessat(dir, "../e/g", F_OK, 0));
	return 0;
}
