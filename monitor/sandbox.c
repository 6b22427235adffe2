// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sandbox.h, but for the system calls.
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sched.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <host/state.h>
#include <monitor/sandbox.h>
#include <monitor/sandbox_priv.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int limit(void)
{
	static const struct {
		int what;
		rlim_t most;
	} limits[] = {
		{ RLIMIT_CORE, 0 }, // a guest's memory is nobody's business
		{ RLIMIT_MEMLOCK, 0 },
		{ RLIMIT_MSGQUEUE, 0 },
	};

	for (unsigned i = 0; i < COUNT(limits); i++) {
		struct rlimit r = { limits[i].most, limits[i].most };

		if (setrlimit(limits[i].what, &r))
			return -errno;
	}
	return 0;
}

// What the host does not let us do we had no power to misuse either: a container without these
// rights.
static bool denied(void)
{
	return errno == EPERM || errno == EINVAL || errno == ENOSYS || errno == ENOSPC;
}

int sandbox_drop_root(struct failure *why)
{
	if (geteuid())
		return 0;
	if (unshare(CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP) && !denied())
		return failure_errno(why, -errno, "cannot enter namespaces");
	if ((setgroups(0, NULL) && !denied()) ||
	    (setresgid(STATE_NOBODY, STATE_NOBODY, STATE_NOBODY) && !denied()) ||
	    (setresuid(STATE_NOBODY, STATE_NOBODY, STATE_NOBODY) && !denied()))
		return failure_errno(why, -errno, "cannot drop root");
	return 0;
}

static int drop_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };

	return syscall(SYS_capset, &head, none) ? -errno : 0;
}

static int allow_path(int ruleset, int fd, uint64_t access)
{
	struct landlock_path_beneath_attr at = { .allowed_access = access, .parent_fd = fd };

	return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &at, 0) ? -errno
											   : 0;
}

static int allow_name(int ruleset, const char *path, uint64_t access)
{
	int fd = open(path, O_PATH | O_CLOEXEC), err;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	err = allow_path(ruleset, fd, access);
	close(fd);
	return err;
}

// All rights that the first version of Landlock knows are taken; what is given back is little.
static int restrict_files(const struct sandbox *s)
{
	struct landlock_ruleset_attr attr = { .handled_access_fs =
						      (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
	int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr.handled_access_fs),
			      0),
	    err = 0;

	if (fd < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
	if (s->dir_fd >= 0)
		err = allow_path(fd, s->dir_fd, LANDLOCK_ACCESS_FS_REMOVE_FILE);
	if (!err && s->all_fd >= 0)
		err = allow_path(fd, s->all_fd, LANDLOCK_ACCESS_FS_REMOVE_DIR);
	if (!err && s->net_dir_fd >= 0)
		err = allow_path(fd, s->net_dir_fd, LANDLOCK_ACCESS_FS_REMOVE_FILE);
	if (!err && s->net_all_fd >= 0)
		err = allow_path(fd, s->net_all_fd, LANDLOCK_ACCESS_FS_REMOVE_DIR);
	if (!err && s->sockets)
		err = allow_name(fd, "/etc/resolv.conf", LANDLOCK_ACCESS_FS_READ_FILE);
	if (!err && syscall(SYS_landlock_restrict_self, fd, 0))
		err = -errno;
	close(fd);
	return err;
}

int sandbox_enter(const struct sandbox *s, struct failure *why)
{
	int err = sandbox_drop_root(why);

	if (err)
		return err;
	err = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;
	if (!err)
		err = restrict_files(s);
	if (!err)
		err = drop_capabilities();
	if (!err)
		err = limit();
	if (!err)
		err = sandbox_restrict_calls(s);
	return err ? failure_errno(why, err, "cannot enter the sandbox") : 0;
}
