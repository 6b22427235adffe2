// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// With its standard descriptors closed a program goes on, and new files take their numbers.
//
// STATUS: 6
// ERROR: yes
#include "t.h"

int main(void)
{
	say("closing");
	int keep = dup(1);
	close(0);
	close(1);
	close(2);
	if (write(1, "x", 1) != -1 || errno != EBADF)
		return 1;
	if (open("/dev/null", O_RDWR) != 0)
		return 2;
	if (dup2(keep, 1) != 1)
		return 3;
	say("back");
	return 6;
}
