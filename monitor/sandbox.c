// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sandbox.h. Every call on the lists has its reason beside it.
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/kvm.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <host/state.h>
#include <monitor/sandbox.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const int always[] = {
	SCMP_SYS(read),            // standard input, signals, frames
	SCMP_SYS(write),           // standard output and error, frames, the exit status
	SCMP_SYS(readv),           // frames in parts
	SCMP_SYS(writev),
	SCMP_SYS(poll),            // is there room on standard output?
	SCMP_SYS(ppoll),           // sleeps
	SCMP_SYS(restart_syscall), // Linux itself makes it of a sleep that SIGSTOP interrupted
	SCMP_SYS(rt_sigreturn),    // the end of the tick's handler
	SCMP_SYS(rt_sigaction),    // ticks are over
	SCMP_SYS(timer_settime),   // ticks on and off
	SCMP_SYS(timer_delete),
	SCMP_SYS(clock_gettime),   // where the vDSO can not tell the time
	SCMP_SYS(madvise),         // memory that the guest has released
	SCMP_SYS(brk),             // malloc: answers of the control socket
	SCMP_SYS(munmap),
	SCMP_SYS(futex),           // malloc's and stdio's locks
	SCMP_SYS(accept4),         // the control socket
	SCMP_SYS(sendto),          // its answer
	SCMP_SYS(shutdown),
	SCMP_SYS(close),
	SCMP_SYS(fstat),           // stdio, before its first message
	SCMP_SYS(newfstatat),
	SCMP_SYS(unlinkat),        // the instance's folder goes when the instance has ended (Landlock says which)
	SCMP_SYS(exit_group),      // the end
};

static const int with_sockets[] = {
	SCMP_SYS(socket),          // a connection of the guest
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),          // a published port
	SCMP_SYS(setsockopt),
	SCMP_SYS(getsockopt),      // did connect() work?
	SCMP_SYS(getsockname),
	SCMP_SYS(getpeername),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendmsg),
	SCMP_SYS(fcntl),           // O_NONBLOCK, FD_CLOEXEC
	SCMP_SYS(openat),          // resolv.conf, again when it has changed (Landlock: nothing else)
	SCMP_SYS(lseek),
	SCMP_SYS(getrandom),       // libslirp's and libc's port numbers
	SCMP_SYS(dup),
};

static const unsigned long always_ioctl[] = {
	KVM_RUN,
	KVM_INTERRUPT, // ticks
	TIOCGWINSZ,    // the terminal's size has changed
};
static const unsigned long socket_ioctl[] = { FIONREAD, FIONBIO };
static const unsigned long edit_ioctl[] = { KVM_SET_USER_MEMORY_REGION }; // makes KVM look at the page tables again

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

// What the host does not let us do we had no power to misuse either: a container without these rights.
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
	if ((setgroups(0, NULL) && !denied()) || (setresgid(STATE_NOBODY, STATE_NOBODY, STATE_NOBODY) && !denied()) ||
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

	return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &at, 0) ? -errno : 0;
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
	struct landlock_ruleset_attr attr = { .handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
	int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr.handled_access_fs), 0), err = 0;

	if (fd < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
	if (s->dir_fd >= 0)
		err = allow_path(fd, s->dir_fd, LANDLOCK_ACCESS_FS_REMOVE_FILE);
	if (!err && s->all_fd >= 0)
		err = allow_path(fd, s->all_fd, LANDLOCK_ACCESS_FS_REMOVE_DIR);
	if (!err && s->sockets)
		err = allow_name(fd, "/etc/resolv.conf", LANDLOCK_ACCESS_FS_READ_FILE);
	if (!err && syscall(SYS_landlock_restrict_self, fd, 0))
		err = -errno;
	close(fd);
	return err;
}

static int allow_calls(scmp_filter_ctx f, const int *calls, unsigned count)
{
	int err = 0;

	for (unsigned i = 0; i < count && !err; i++)
		err = seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0);
	return err;
}

static int allow_ioctls(scmp_filter_ctx f, const unsigned long *requests, unsigned count)
{
	int err = 0;

	for (unsigned i = 0; i < count && !err; i++)
		err = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, requests[i]));
	return err;
}

static int fill_filter(scmp_filter_ctx f, const struct sandbox *s)
{
	const struct scmp_arg_cmp not_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	int err = allow_calls(f, always, COUNT(always));

	if (!err)
		err = allow_ioctls(f, always_ioctl, COUNT(always_ioctl));
	if (!err)
		err = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, not_exec); // malloc
	if (!err && s->sockets)
		err = allow_calls(f, with_sockets, COUNT(with_sockets));
	if (!err && s->sockets)
		err = allow_ioctls(f, socket_ioctl, COUNT(socket_ioctl));
	if (!err && s->child)
		err = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(kill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)s->child));
	if (!err && s->child)
		err = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(wait4), 0); // how it has ended
	if (!err && s->edits)
		err = allow_ioctls(f, edit_ioctl, COUNT(edit_ioctl));
	if (!err && s->edits)
		err = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_exec); // the same: monitor/kvm/edit.c
	return err;
}

static int restrict_calls(const struct sandbox *s)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int err;

	if (!f)
		return -ENOMEM;
	err = fill_filter(f, s);
	if (!err)
		err = seccomp_load(f);
	seccomp_release(f);
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
		err = restrict_calls(s);
	return err ? failure_errno(why, err, "cannot enter the sandbox") : 0;
}
