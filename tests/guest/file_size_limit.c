// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// RLIMIT_FSIZE: what goes beyond it is cut, and beyond it nothing goes: SIGXFSZ and EFBIG. What is
// larger already can be read, written below and made smaller.
// STATUS: 153
// ERROR: yes
#include "t.h"

static volatile sig_atomic_t signals;

static void count(int sig)
{
	signals++;
}

int main(void)
{
	struct rlimit limit = { 1000, 5000 };
	char buf[600] = "";
	int fd, other;

	t_dir();
	signal(SIGXFSZ, count);
	NEED((fd = open("f", O_CREAT | O_RDWR, 0644)) >= 0);
	NEED((other = open("large", O_CREAT | O_RDWR, 0644)) >= 0 && !ftruncate(other, 3000));
	SHOW(setrlimit(RLIMIT_FSIZE, &limit));
	SHOW(write(fd, buf, 600));
	SHOW(write(fd, buf, 600));
	SHOW(signals);
	SHOW(write(fd, buf, 600));
	SHOW(signals);
	SHOW(write(fd, buf, 0));
	SHOW(pwrite(fd, buf, 100, 900));
	SHOW(pwrite(fd, buf, 1, 1000));
	SHOW(signals);
	SHOW(ftruncate(fd, 1001));
	SHOW(truncate("f", 2000));
	SHOW(signals);
	SHOW(ftruncate(fd, 1000));
	SHOW(pread(other, buf, 10, 2500));
	SHOW(pwrite(other, buf, 10, 500));
	SHOW(ftruncate(other, 800));
	SHOW(signals);
	signal(SIGXFSZ, SIG_DFL);
	write(fd, buf, 1);
	say("not reached");
	return 0;
}
