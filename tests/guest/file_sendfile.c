// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sendfile between files, with and without an offset of its own.
#include "t.h"
#include <sys/sendfile.h>

int main(void)
{
	char buf[32] = { 0 };
	t_dir();
	t_file("a", "abcdefghij");
	int in = open("a", O_RDONLY), out = open("b", O_CREAT | O_RDWR, 0600);
	SHOW(sendfile(out, in, NULL, 4));
	SHOW(lseek(in, 0, SEEK_CUR));
	off_t off = 8;
	SHOW(sendfile(out, in, &off, 100));
	SHOW(off);
	SHOW(lseek(in, 0, SEEK_CUR));
	SHOW(sendfile(out, in, &off, 100));
	SHOW(pread(out, buf, sizeof buf, 0));
	say("%s", buf);
	int p[2];
	NEED(pipe(p) == 0);
	SHOW(sendfile(p[1], in, NULL, 3));
	SHOW(read(p[0], buf, sizeof buf));
	say("%.3s", buf);
	return 0;
}
