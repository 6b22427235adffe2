// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// FIONREAD counts what is waiting; vectors go in whole.
#include "t.h"

int main(void)
{
	int p[2], n = -1;
	char a[3], b[10];
	NEED(pipe(p) == 0);
	SHOW(ioctl(p[0], FIONREAD, &n));
	SHOW(n);
	struct iovec out[3] = { { (char *)"abc", 3 }, { (char *)"defg", 4 }, { (char *)"", 0 } };
	SHOW(writev(p[1], out, 3));
	SHOW(ioctl(p[0], FIONREAD, &n));
	SHOW(n);
	struct iovec in[2] = { { a, 3 }, { b, 10 } };
	SHOW(readv(p[0], in, 2));
	say("%.3s %.4s", a, b);
	SHOW(ioctl(p[0], FIONREAD, &n));
	SHOW(n);
	return 0;
}
