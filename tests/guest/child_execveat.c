// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// execveat by a descriptor and by a directory.
//
// LINK: static-pie
#include "child.h"

int main(int argc, char **argv)
{
	char *args[] = { "x", "again", NULL };
	if (argc > 1)
		return 5;
	int fd = open(SELF, O_RDONLY | O_CLOEXEC), dir = open("/proc/self", O_RDONLY | O_DIRECTORY);
	NEED(fd >= 0 && dir >= 0);
	t_reap("descriptor", FORK((syscall(SYS_execveat, fd, "", args, NULL, AT_EMPTY_PATH), 1)));
	t_reap("path descriptor", FORK((fd = open(SELF, O_PATH | O_CLOEXEC),
		syscall(SYS_execveat, fd, "", args, NULL, AT_EMPTY_PATH), 1)));
	t_reap("directory", FORK((syscall(SYS_execveat, dir, "exe", args, NULL, 0), 1)));
	return 0;
}
