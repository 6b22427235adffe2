// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The system is called Linux, x86_64, with a version that parses.
//
// LINK: static-pie
#include "t.h"
#include <sys/utsname.h>

int main(void)
{
	struct utsname u;
	int major = 0, minor = -1;
	SHOW(uname(&u));
	say("%s %s", u.sysname, u.machine);
	CHECK(sscanf(u.release, "%d.%d", &major, &minor) == 2);
	CHECK(major >= 4);
	CHECK(strlen(u.nodename) > 0);
	CHECK_ERR(syscall(SYS_uname, BAD_PTR), EFAULT);
	return 0;
}
