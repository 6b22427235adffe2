// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Without PR_SET_KEEPCAPS nothing is left of root's capabilities; seteuid takes what is effective and
// gives it back.
// ROOT: yes
// LIBC: glibc
#include "t.h"
#include <linux/capability.h>

static struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
static struct __user_cap_data_struct data[2];

static void tell(const char *when)
{
	NEED(!syscall(SYS_capget, &head, data));
	say("%s: effective %d permitted %d", when, data[0].effective >> CAP_CHOWN & 1,
	    data[0].permitted >> CAP_CHOWN & 1);
}

int main(void)
{
	tell("root");
	NEED(!syscall(SYS_setresuid, -1, 1000, -1));
	tell("effectively another");
	NEED(!syscall(SYS_setresuid, -1, 0, -1));
	tell("root again");
	NEED(!syscall(SYS_setresuid, 1000, 1000, 1000));
	tell("another");
	CHECK_ERR(syscall(SYS_setresuid, -1, 0, -1), EPERM);
	return 0;
}
