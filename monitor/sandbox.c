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

#define FS_REFER (1ull << 13)    // Linux 5.19: LANDLOCK_ACCESS_FS_REFER
#define FS_TRUNCATE (1ull << 14) // Linux 6.2: LANDLOCK_ACCESS_FS_TRUNCATE
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

static int drop_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };

	return syscall(SYS_capset, &head, none) ? -errno : 0;
}

// The group nobody stays, because the instance's folder is open to it (host/state.h).
static int become(const struct volumes *volumes)
{
	const gid_t groups[] = { STATE_NOBODY };
	bool owner = volumes->count;
	gid_t gid = owner ? volumes->gid : STATE_NOBODY;
	uid_t uid = owner ? volumes->uid : STATE_NOBODY;

	if ((setgroups(owner ? 1 : 0, groups) && !denied()) ||
	    (setresgid(gid, gid, gid) && !denied()) || (setresuid(uid, uid, uid) && !denied()))
		return -errno;
	return owner ? drop_capabilities() : 0;
}

int sandbox_drop_root(const struct volumes *volumes, struct failure *why)
{
	int err;

	if (geteuid())
		return 0;
	if (unshare(CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP) && !denied())
		return failure_errno(why, -errno, "cannot enter namespaces");
	err = become(volumes);
	return err ? failure_errno(why, err, "cannot drop root") : 0;
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

// What a volume gives of the rights that are taken. A single file has none of a directory's.
static int allow_volume(int ruleset, const struct volume *at, uint64_t taken)
{
	uint64_t read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
	uint64_t write = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
			 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
			 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
			 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM | FS_REFER |
			 FS_TRUNCATE;
	uint64_t of_file = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
			   FS_TRUNCATE;

	taken &= at->file ? of_file : ~0ul;
	return allow_path(ruleset, at->fd, taken & (at->readonly ? read : read | write));
}

// All rights that the first version of Landlock knows are taken, and with volumes the two that came
// later and that they need; what is given back is little. (Without FS_REFER no file may change its
// directory at all.)
static int restrict_files(const struct sandbox *s)
{
	struct landlock_ruleset_attr attr = { .handled_access_fs =
						      (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
	unsigned volumes = s->volumes ? s->volumes->count : 0;
	long version = volumes ? syscall(SYS_landlock_create_ruleset, NULL, 0,
					 LANDLOCK_CREATE_RULESET_VERSION) : 1;
	int fd, err = 0;

	attr.handled_access_fs |= (version >= 2 ? FS_REFER : 0) | (version >= 3 ? FS_TRUNCATE : 0);
	fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr.handled_access_fs), 0);

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
	for (unsigned i = 0; i < volumes && !err; i++)
		err = allow_volume(fd, &s->volumes->at[i], attr.handled_access_fs);
	if (!err && syscall(SYS_landlock_restrict_self, fd, 0))
		err = -errno;
	close(fd);
	return err;
}

int sandbox_enter(const struct sandbox *s, struct failure *why)
{
	static const struct volumes none;
	int err = sandbox_drop_root(s->volumes ? s->volumes : &none, why);

	if (err)
		return err;
	err = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;
	if (!err)
		err = restrict_files(s);
	if (!err)
		err = drop_capabilities();
	if (!err)
		err = limit();
	if (!err && s->threads)
		err = s->threads(s->threads_arg);
	if (!err)
		err = sandbox_restrict_calls(s);
	return err ? failure_errno(why, err, "cannot enter the sandbox") : 0;
}
