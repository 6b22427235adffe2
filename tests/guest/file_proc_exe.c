// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /proc/self/exe is a link to an absolute path, and opens as an ELF file.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char path[PATH_MAX], magic[4];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path);
	CHECK(n > 1);
	CHECK(path[0] == '/');
	int fd = open("/proc/self/exe", O_RDONLY);
	CHECK(fd >= 0);
	SHOW(read(fd, magic, 4));
	SHOW(memcmp(magic, "\177ELF", 4));
	CHECK_ERR(syscall(SYS_readlink, "/proc/self/exe", path, 0), EINVAL);
	return 0;
}
