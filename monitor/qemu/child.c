// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// From fork to QEMU. Walls are put up here rather than by QEMU's own options, because then they
// hold before it has parsed anything: where the monitor is root QEMU is nobody (or the owner of the
// volumes) without any capability, in namespaces without a network. It dies with its parent.
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <host/state.h>
#include <monitor/qemu/half.h>

static void give_up(const char *what) __attribute__((noreturn));
static void give_up(const char *what)
{
	dprintf(STDERR_FILENO, "%s: %s\n", what, strerror(errno));
	_exit(127);
}

// As in the monitor's own sandbox: what a container does not let us do we had no power to misuse.
static bool denied(void)
{
	return errno == EPERM || errno == EINVAL || errno == ENOSYS || errno == ENOSPC;
}

// Root's files stay root's to change where a volume belongs to root: then the user is root, but
// exec gives it nothing that it has not (SECBIT_NOROOT).
static void drop_root(const struct qemu *q)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	bool owner = q->m->volumes.count;
	uid_t uid = owner ? q->m->volumes.uid : STATE_NOBODY;
	gid_t gid = owner ? q->m->volumes.gid : STATE_NOBODY;
	struct stat kvm = { .st_gid = 0 };
	bool group = q->kvm && !stat("/dev/kvm", &kvm);

	int err = q->kvm && q->kvm_own ? qemu_own_kvm(uid, gid) : 0;

	errno = -err;
	if (err)
		give_up("a /dev/kvm for a user that is not root");
	if (unshare(CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWNET) &&
	    !denied())
		give_up("namespaces");
	if (prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED, 0, 0, 0) && !denied())
		give_up("securebits");
	if ((setgroups(group ? 1 : 0, &kvm.st_gid) && !denied()) ||
	    (setresgid(gid, gid, gid) && !denied()) ||
	    (setresuid(uid, uid, uid) && !denied()))
		give_up("dropping root");
	if (syscall(SYS_capset, &head, none) && !denied())
		give_up("dropping capabilities");
}

// What QEMU is to have stays open over exec.
static void keep(int fd)
{
	if (fd >= 0 && fcntl(fd, F_SETFD, 0))
		give_up("file descriptors");
}

static void arrange_fds(const struct qemu *q)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(q->its_report, 2) < 0)
		give_up("file descriptors");
	if (close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC))
		give_up("file descriptors");
	for (int i = 0; i < QEMU_SOCKETS; i++)
		keep(q->its[i]);
	for (unsigned i = 0; i < q->m->volumes.count; i++)
		keep(q->disk[i].fd);
	if (q->m->net == MANIFEST_NET_TAP)
		keep(netdev_tap_fd(q->net));
	keep(q->image_fd);
}

static void child_main(const struct qemu *q, char *const *argv, pid_t parent)
	__attribute__((noreturn));
static void child_main(const struct qemu *q, char *const *argv, pid_t parent)
{
	static char *const env[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };
	const struct rlimit none = { 0, 0 };
	sigset_t set;

	arrange_fds(q);
	setsid(); // Ctrl-C is the program's, by way of the monitor
	if (!geteuid())
		drop_root(q);
	// After the change of user, which takes both back.
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    setrlimit(RLIMIT_CORE, &none))
		give_up("prctl");
	if (getppid() != parent)
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	execve(q->command, argv, env);
	give_up(q->command);
}

int qemu_start(struct qemu *q, const struct words *command, struct failure *why)
{
	pid_t parent = getpid();

	q->child = fork();
	if (q->child < 0) {
		q->child = 0;
		return failure_errno(why, -errno, "cannot make a process");
	}
	if (!q->child)
		child_main(q, command->at, parent);
	for (int i = 0; i < QEMU_SOCKETS; i++) {
		if (q->its[i] >= 0)
			close(q->its[i]);
		q->its[i] = -1;
	}
	close(q->its_report);
	q->its_report = -1;
	return 0;
}
