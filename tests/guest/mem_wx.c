// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Code written at run time, run, and written again: in memory that is writable and executable at once, and in memory whose rights
// change in between; one file in memory mapped at two addresses, to write at one and to run at the other.
#include "t.h"

static void put(unsigned char *at, int value) // mov $value, %eax; ret
{
	unsigned char code[] = { 0xb8, 0, 0, 0, 0, 0xc3 };

	memcpy(code + 1, &value, 4);
	memcpy(at, code, sizeof(code));
}

static int run(const void *at)
{
	int (*f)(void);

	memcpy(&f, &at, sizeof(f));
	return f();
}

int main(void)
{
	unsigned char *p = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *w, *x;
	int fd = memfd_create("code", MFD_CLOEXEC), sum = 0;

	CHECK(p != MAP_FAILED && fd >= 0);
	for (int i = 0; i < 200; i++) { // writing and running by turns, on one page and on its neighbours
		put(p + i, i);
		put(p + 4096 + i, i + 1);
		sum += run(p + i) + run(p + 4096 + i) + p[i + 1];
		p[3 * 4096]++;
	}
	CHECK(p[3 * 4096] == 200);
	say("sum %d", sum);
	CHECK(getcwd((char *)p, 4096) == (char *)p); // a system call writes where code was run
	CHECK(mprotect(p, 4096, PROT_READ | PROT_WRITE) == 0);
	put(p, 1);
	CHECK(mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0);
	CHECK(run(p) == 1);
	CHECK(mprotect(p, 4 * 4096, PROT_READ | PROT_WRITE | PROT_EXEC) == 0);
	put(p + 4095 - 6, 77);
	CHECK(run(p + 4095 - 6) == 77);

	CHECK(ftruncate(fd, 8192) == 0);
	w = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	x = mmap(NULL, 8192, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
	CHECK(w != MAP_FAILED && x != MAP_FAILED);
	sum = 0;
	for (int i = 0; i < 100; i++) {
		put(w + 4096 + i, 1000 + i);
		sum += run(x + 4096 + i);
	}
	say("sum %d", sum);
	return 0;
}
