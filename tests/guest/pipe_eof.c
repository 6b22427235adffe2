// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The end comes when the last writer, dups too, has closed, after what was written.
#include "t.h"

int main(void)
{
	int p[2];
	char buf[16];
	NEED(pipe(p) == 0);
	int two = dup(p[1]);
	SHOW(write(two, "abc", 3));
	SHOW(close(p[1]));
	SHOW(write(two, "d", 1));
	SHOW(close(two));
	SHOW(read(p[0], buf, 2));
	SHOW(read(p[0], buf, 16));
	SHOW(read(p[0], buf, 16));
	SHOW(read(p[0], buf, 16));
	return 0;
}
