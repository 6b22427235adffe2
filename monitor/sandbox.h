// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The monitor locks itself in before the guest's first instruction: what it does not need any more,
// it can not do any more. Nothing of this can be taken back. In falling steps: where it was root,
// namespaces and the user nobody; no capabilities, no new privileges, limits, Landlock for files,
// seccomp for system calls. A call that is not on the list ends the process (SIGSYS).
//
// Namespaces: IPC, UTS and cgroup, 50 us together. Not the others, because a process that can make
// no process and no socket, open no file and name no path would gain nothing by them: NET costs 0.5
// to 2.7 ms (and the user-mode network needs the host's), PID counts for children only, and a mount
// namespace would keep the host's file systems from being unmounted as long as the instance runs.
#ifndef MONITOR_SANDBOX_H
#define MONITOR_SANDBOX_H

#include <stdbool.h>
#include <sys/types.h>

#include <host/failure.h>
#include <monitor/dev/volume.h>

struct sandbox {
	int dir_fd;            // the instance's folder: its files may be removed. -1: none
	int all_fd;            // the folder that it is in, so that it can be removed itself. -1: none
	int net_dir_fd, net_all_fd; // the same two of a named network, or -1
	bool sockets; // user-mode networking: makes connections for the guest, reads resolv.conf
	pid_t child;  // a process of the instance's that may be killed and waited for, or 0
	bool edits;   // the monitor edits the guest's page tables (hosts that emulate CPL 0)
	int (*threads)(void *arg); // makes those that will share the sandbox, late. NULL: none
	void *threads_arg;
	const struct volumes *volumes; // directories that stay reachable; count 0: none
};

// The first step, for who makes processes before the rest; sandbox_enter() takes it if it was not
// taken. Afterwards nothing is root's any more but what is open. Where the host does not allow it
// (a container with few rights), the user remains. With volumes the user is not nobody, but who
// volumes->uid says; if that is root, it is root without a capability.
int sandbox_drop_root(const struct volumes *volumes, struct failure *why);

// Gives 0 or a negative errno with *why. Kernels without Landlock go without it.
int sandbox_enter(const struct sandbox *s, struct failure *why);

#endif
