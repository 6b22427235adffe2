// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Which QEMU, and what accelerates it. Where KVM emulates CPL 0 it is used on demand only: the program
// is as fast as the host's processor, but firmware takes seconds, and each change of page tables half a
// millisecond.
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

// Root gives its child the group of /dev/kvm (child.c), or where that is not enough a /dev/kvm, but that
// only on demand: containers may not let it.
static bool kvm_usable(struct qemu *q)
{
	struct stat st;

	if (access("/dev/kvm", R_OK | W_OK) || stat("/dev/kvm", &st))
		return false;
	q->kvm_own = !geteuid() && (st.st_mode & 0060) != 0060 && (st.st_mode & 0006) != 0006;
	return true;
}

static int choose_accel(struct qemu *q, struct failure *why)
{
	enum monitor_accel accel = q->m->cfg->accel;

	q->kvm = accel != MONITOR_ACCEL_TCG && kvm_usable(q);
	if (accel == MONITOR_ACCEL_KVM && !q->kvm)
		return failure_set(why, -ENOTSUP,
				   "/dev/kvm cannot be read and written here; without accel=kvm "
				   "QEMU translates (TCG)");
	if (accel == MONITOR_ACCEL_ANY)
		q->kvm = q->kvm && !q->kvm_own && !vm_host_is_slow();
	return 0;
}

int qemu_find(struct qemu *q, struct failure *why)
{
	const char *path = getenv("PATH");
	int err = choose_accel(q, why);

	if (err)
		return err;
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
