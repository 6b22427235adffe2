// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Random bytes are there, as many as asked for, and differ.
#include "t.h"

int main(void)
{
	unsigned char a[64], b[64];
	int fd = open("/dev/urandom", O_RDONLY);
	CHECK(fd >= 0);
	SHOW(read(fd, a, sizeof a));
	SHOW(read(fd, b, sizeof b));
	CHECK(memcmp(a, b, sizeof a) != 0);
	struct stat st;
	SHOW(fstat(fd, &st));
	CHECK(S_ISCHR(st.st_mode));
	return 0;
}
