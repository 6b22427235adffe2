// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// vmsplice to a pipe and from it; more than fits is taken in part.
#include "t.h"
#include <sys/uio.h>

int main(void)
{
	static char big[1 << 20], back[1 << 20];
	struct iovec v[3] = { { "abc", 3 }, { NULL, 0 }, { "defg", 4 } }, b = { big, sizeof(big) };
	char buf[16] = "";
	ssize_t n, got = 0, more;
	int p[2];

	NEED(pipe(p) == 0);
	SHOW(vmsplice(p[1], v, 3, 0));
	CHECK(read(p[0], buf, sizeof(buf)) == 7 && !strcmp(buf, "abcdefg"));
	CHECK(write(p[1], "0123456789", 10) == 10);
	v[0] = (struct iovec){ buf, 4 }, v[2] = (struct iovec){ buf + 4, 8 };
	SHOW(vmsplice(p[0], v, 3, 0));
	CHECK(!memcmp(buf, "0123456789", 10));
	SHOW(vmsplice(p[1], v, 0, 0));
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 7 >> 3);
	n = vmsplice(p[1], &b, 1, 0); // blocks nobody
	CHECK(n > 0 && n < (ssize_t)sizeof(big));
	while (got < n && (more = read(p[0], back + got, sizeof(back) - (size_t)got)) > 0)
		got += more;
	CHECK(got == n && !memcmp(big, back, (size_t)n));
	NEED(close(p[1]) == 0);
	SHOW(vmsplice(p[0], &b, 1, 0));
	return 0;
}
