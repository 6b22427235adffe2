// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// uname(2), and sethostname(2), which is this instance's own affair.
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
	ksnprintf(u.nodename, sizeof(u.nodename), "%s", init_process->hostname);
	ksnprintf(u.release, sizeof(u.release), "6.1.0-pith");
	ksnprintf(u.version, sizeof(u.version), "#1 Pith");
	ksnprintf(u.machine, sizeof(u.machine), "x86_64");
	ksnprintf(u.domainname, sizeof(u.domainname), "(none)");
	return copy_to_user(buf, &u, sizeof(u));
}

#define NAME_LEN 64 /* __NEW_UTS_LEN */

long sys_sethostname(const char *user, int len)
{
	struct process *p = current_process();
	static char name[NAME_LEN + 1];
	char given[NAME_LEN + 1] = "";

	if (p->euid)
		return -EPERM;
	if (len < 0 || len > NAME_LEN)
		return -EINVAL;
	if (copy_from_user(given, user, (size_t)len))
		return -EFAULT;
	memcpy(name, given, sizeof(name));
	init_process->hostname = name;
	return 0;
}
