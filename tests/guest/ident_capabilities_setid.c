// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Who may become another user or group: who has the capability, not who is root. As setpriv(1) does it.
//
// ROOT: yes
// LIBC: glibc
#include "t.h"
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>

static struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
static struct __user_cap_data_struct caps[2];

static int set_effective(uint32_t bits)
{
	NEED(syscall(SYS_capget, &head, caps) == 0);
	caps[0].effective = bits;
	return (int)syscall(SYS_capset, &head, caps);
}

int main(void)
{
	gid_t group = 7;
	CHECK(set_effective(0) == 0); // root without capabilities
	CHECK_ERR(setgid(1001), EPERM);
	CHECK_ERR(setresuid(1000, 1000, 1000), EPERM);
	CHECK_ERR(setgroups(1, &group), EPERM);
	CHECK(set_effective(1u << CAP_SETUID) == 0);
	CHECK(prctl(PR_SET_KEEPCAPS, 1) == 0);
	CHECK(setresuid(1000, 1000, 1000) == 0);
	CHECK_ERR(setresgid(1001, 1001, 1001), EPERM);
	CHECK(set_effective(1u << CAP_SETGID) == 0); // somebody with a capability
	CHECK(setresgid(1001, 1001, 1001) == 0);
	CHECK(setgroups(1, &group) == 0);
	CHECK_ERR(setresuid(0, 0, 0), EPERM);
	CHECK(set_effective(0) == 0);
	CHECK_ERR(setgroups(1, &group), EPERM);
	CHECK(getuid() == 1000 && getegid() == 1001);
	return 0;
}
