// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Past the last page of a mapped file is SIGBUS; the tail of the last page is zero.
//
// ERROR: yes
#include "t.h"

static sigjmp_buf jump;
static void *volatile addr;
static volatile int code;

static void handler(int sig, siginfo_t *si, void *ctx)
{
	addr = si->si_addr;
	code = si->si_code;
	siglongjmp(jump, sig);
}

static int touch(volatile char *p)
{
	int sig = sigsetjmp(jump, 1);
	if (!sig)
		(void)*p;
	return sig;
}

int main(void)
{
	t_catch_info(SIGBUS, handler, 0);
	t_dir();
	t_file("a", "short");
	int fd = open("a", O_RDWR);
	char *p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	SHOW(touch(p + 4095));
	SHOW(p[5]);
	CHECK(touch(p + 4096) == SIGBUS);
	CHECK(addr == p + 4096);
	CHECK(code == BUS_ADRERR);
	SHOW(ftruncate(fd, 8192));
	SHOW(touch(p + 4096));
	SHOW(ftruncate(fd, 10));
	CHECK(touch(p + 4096) == SIGBUS);
	SHOW(touch(p));
	return 0;
}
