// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Bytes come out in order; a short read leaves the rest.
//
// LINK: static-pie
#include "t.h"

int main(void)
{
	int p[2];
	char buf[16] = { 0 };
	struct stat st;
	SHOW(pipe(p));
	SHOW(write(p[1], "hello", 5));
	SHOW(write(p[1], " pipe", 5));
	SHOW(read(p[0], buf, 3));
	say("%s", buf);
	SHOW(read(p[0], buf, 16));
	say("%s", buf);
	NEED(fstat(p[0], &st) == 0);
	CHECK(S_ISFIFO(st.st_mode));
	SHOW(fcntl(p[0], F_GETFL) & O_ACCMODE);
	SHOW(fcntl(p[1], F_GETFL) & O_ACCMODE);
	SHOW(read(p[0], buf, 0));
	return 0;
}
