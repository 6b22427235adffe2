// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// `pith build` is a program of its own (image/main.c), so that the libraries it needs do not slow
// down the start of instances. It stands beside pith in a build tree, and in PITH_LIBDIR when
// installed.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cli/commands.h>

int cmd_build(int argc, char **argv)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - sizeof("-build"));

	(void)argc;
	if (n > 0) {
		memcpy(path + n, "-build", sizeof("-build"));
		execv(path, argv);
	}
	execv(PITH_LIBDIR "/pith-build", argv);
	fprintf(stderr,
		"pith build: cannot run " PITH_LIBDIR
		"/pith-build: %s; install Pith whole, with make install\n",
		strerror(errno));
	return 125;
}
