// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A file mapping past the file's end without a handler: status 135.
//
// STATUS: 135
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	int fd = open("a", O_CREAT | O_RDWR, 0600);
	char *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	(void)*(volatile char *)p;
	return 0;
}
