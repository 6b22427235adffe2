// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A private file mapping shows the file; writes stay in it.
#include "t.h"

int main(void)
{
	char buf[16] = { 0 };
	t_dir();
	t_file("a", "hello file");
	int fd = open("a", O_RDONLY);
	char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(p != MAP_FAILED);
	SHOW(close(fd));
	say("%s", p);
	memcpy(p, "HELLO", 5);
	say("%s", p);
	fd = open("a", O_RDONLY);
	SHOW(read(fd, buf, 10));
	say("%s", buf);
	SHOW(p[10]);
	SHOW(p[4095]);
	SHOW(unlink("a"));
	say("%s", p);
	SHOW(munmap(p, 4096));
	return 0;
}
