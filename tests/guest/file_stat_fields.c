// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What stat, lstat and fstat say of a file, a directory, a link, a device and a pipe.
#include "t.h"

static void show(const char *name, const struct stat *st)
{
	say("%s: type %o mode %o", name, st->st_mode & S_IFMT, st->st_mode & 0777);
}

int main(void)
{
	struct stat st, st2;
	int p[2];
	t_dir();
	umask(0);
	int fd = open("a", O_CREAT | O_RDWR, 0640);
	NEED(write(fd, "12345", 5) == 5);
	NEED(fstat(fd, &st) == 0 && stat("a", &st2) == 0);
	show("file", &st);
	SHOW(st.st_size);
	SHOW(st.st_nlink);
	CHECK(st.st_ino == st2.st_ino && st.st_dev == st2.st_dev);
	CHECK(st.st_uid == geteuid());
	NEED(mkdir("d", 0750) == 0 && stat("d", &st) == 0);
	show("dir", &st);
	CHECK(st.st_ino != st2.st_ino);
	NEED(symlink("target", "l") == 0 && lstat("l", &st) == 0);
	say("link: type %o size %d", st.st_mode & S_IFMT, (int)st.st_size);
	NEED(symlink("a", "m") == 0 && stat("m", &st) == 0);
	CHECK(st.st_ino == st2.st_ino);
	NEED(stat("/dev/null", &st) == 0);
	show("null", &st);
	CHECK(st.st_rdev == 0x103);
	NEED(pipe(p) == 0 && fstat(p[0], &st) == 0);
	say("pipe: type %o", st.st_mode & S_IFMT);
	return 0;
}
