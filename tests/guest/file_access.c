// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// access and faccessat on what is there.
#include "t.h"

int main(void)
{
	t_dir();
	umask(0);
	t_file("a", "");
	NEED(chmod("a", 0700) == 0 && mkdir("d", 0700) == 0);
	SHOW(access("a", F_OK));
	SHOW(access("a", R_OK | W_OK | X_OK));
	SHOW(access("d", R_OK | W_OK | X_OK));
	SHOW(access("d/../a", R_OK));
	SHOW(faccessat(AT_FDCWD, "a", R_OK, 0));
	SHOW(access("/dev/null", R_OK | W_OK));
	SHOW(access("/", R_OK | X_OK));
	return 0;
}
