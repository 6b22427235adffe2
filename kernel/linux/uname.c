// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// uname(2).
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>

struct utsname_user {
	char sysname[65], nodename[65], release[65], version[65], machine[65], domainname[65];
};
_Static_assert(sizeof(struct utsname_user) == 390, "struct new_utsname");

long sys_uname(struct utsname_user *buf)
{
	struct utsname_user u;

	memset(&u, 0, sizeof(u));
	ksnprintf(u.sysname, sizeof(u.sysname), "Linux");
	ksnprintf(u.nodename, sizeof(u.nodename), "%s", current_process()->hostname);
	ksnprintf(u.release, sizeof(u.release), "6.1.0-pith");
	ksnprintf(u.version, sizeof(u.version), "#1 Pith");
	ksnprintf(u.machine, sizeof(u.machine), "x86_64");
	ksnprintf(u.domainname, sizeof(u.domainname), "(none)");
	return copy_to_user(buf, &u, sizeof(u));
}
