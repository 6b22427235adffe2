// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// getdents64 by system call: names, types and the end.
#include "t.h"
#include <dirent.h>

struct entry { uint64_t ino; int64_t off; uint16_t len; uint8_t type; char name[]; } __attribute__((packed));

int main(void)
{
	char buf[2048];
	int seen[8] = { 0 };
	t_dir();
	t_file("file", "");
	NEED(mkdir("dir", 0700) == 0 && symlink("x", "link") == 0);
	int fd = open(".", O_RDONLY | O_DIRECTORY);
	long n = syscall(SYS_getdents64, fd, buf, sizeof buf);
	NEED(n > 0);
	for (long at = 0; at < n;) {
		struct entry *e = (struct entry *)(buf + at);
		NEED(e->len % 8 == 0 && e->ino != 0);
		seen[0] += !strcmp(e->name, ".") && e->type == DT_DIR;
		seen[1] += !strcmp(e->name, "..") && e->type == DT_DIR;
		seen[2] += !strcmp(e->name, "file") && e->type == DT_REG;
		seen[3] += !strcmp(e->name, "dir") && e->type == DT_DIR;
		seen[4] += !strcmp(e->name, "link") && e->type == DT_LNK;
		seen[5]++;
		at += e->len;
	}
	for (int i = 0; i < 6; i++)
		say("%d", seen[i]);
	SHOW(syscall(SYS_getdents64, fd, buf, sizeof buf));
	SHOW(lseek(fd, 0, SEEK_SET));
	CHECK(syscall(SYS_getdents64, fd, buf, sizeof buf) == n);
	return 0;
}
