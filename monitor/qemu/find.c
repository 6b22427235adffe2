// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Which QEMU, and whether it can use /dev/kvm: only where CPL 0 runs in hardware. On hosts that
// emulate it the start-up code and the nucleus would be slow and, in places, not work at all; TCG
// does both.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <monitor/kvm/vm.h>
#include <monitor/qemu/half.h>

static bool executable(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

// Root gives its child the group of /dev/kvm (child.c).
static bool kvm_usable(void)
{
	struct stat st;

	if (vm_host_is_slow() || access("/dev/kvm", R_OK | W_OK) || stat("/dev/kvm", &st))
		return false;
	return geteuid() || (st.st_mode & 0060) == 0060 || (st.st_mode & 0006) == 0006;
}

int qemu_find(struct qemu *q, struct failure *why)
{
	const char *path = getenv("PATH");

	q->kvm = kvm_usable();
	for (path = path ? path : "/usr/bin:/bin"; *path;) {
		size_t len = strcspn(path, ":");

		snprintf(q->command, sizeof(q->command), "%.*s/" QEMU_COMMAND, (int)len, path);
		if (len && len < sizeof(q->command) - sizeof("/" QEMU_COMMAND) &&
		    executable(q->command))
			return 0;
		path += len + (path[len] == ':');
	}
	return failure_set(why, -ENOENT,
			   "there is no " QEMU_COMMAND " in $PATH; on Debian the package is "
			   QEMU_PACKAGE);
}
