// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Times are set as given, to now, or left.
#include "t.h"

static void show(void)
{
	struct stat st;
	NEED(stat("a", &st) == 0);
	long long now = time(NULL);
	say("atime %s mtime %lld.%ld", st.st_atim.tv_sec > now - 60 ? "now" : "set",
			(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

int main(void)
{
	t_dir();
	t_file("a", "x");
	struct timespec ts[2] = { { 1000, 5 }, { 2000000000, 123456789 } };
	SHOW(utimensat(AT_FDCWD, "a", ts, 0));
	show();
	ts[0].tv_nsec = UTIME_NOW;
	ts[1].tv_nsec = UTIME_OMIT;
	SHOW(utimensat(AT_FDCWD, "a", ts, 0));
	show();
	int fd = open("a", O_RDWR);
	struct timespec past[2] = { { 1, 0 }, { 86400, 1 } };
	SHOW(futimens(fd, past));
	show();
	SHOW(utimensat(AT_FDCWD, "a", NULL, 0));
	struct stat st;
	NEED(fstat(fd, &st) == 0);
	CHECK(st.st_mtim.tv_sec > time(NULL) - 60);
	return 0;
}
