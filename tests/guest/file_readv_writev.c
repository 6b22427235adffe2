// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Vectors are filled in order; empty ones are passed over.
#include "t.h"

int main(void)
{
	char a[4] = { 0 }, b[8] = { 0 };
	t_dir();
	int fd = open("a", O_CREAT | O_RDWR, 0600);
	struct iovec out[4] = { { (char *)"one", 3 }, { NULL, 0 }, { (char *)"-", 1 }, { (char *)"three",
			5 } };
	SHOW(writev(fd, out, 4));
	SHOW(lseek(fd, 0, SEEK_SET));
	struct iovec in[3] = { { a, 3 }, { b, 0 }, { b, 7 } };
	SHOW(readv(fd, in, 3));
	say("[%s] [%s]", a, b);
	SHOW(readv(fd, in, 3));
	SHOW(preadv(fd, in, 1, 4));
	say("[%s]", a);
	SHOW(pwritev(fd, out, 1, 6));
	SHOW(pread(fd, b, 7, 2));
	say("[%.7s]", b);
	SHOW(readv(fd, in, 0));
	return 0;
}
