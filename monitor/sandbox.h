// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The monitor locks itself in before the guest's first instruction: what it does not need any more, it can not do any more. Nothing of
// this can be taken back. In falling steps: no new privileges, no capabilities, limits, Landlock for files, seccomp for system calls.
// A call that is not on the list ends the process (SIGSYS).
//
// Namespaces are not used: making one costs 0.2 to 3 ms and its end more, and a process that can open no file, make no socket and
// signal nobody would gain nothing by it.
#ifndef MONITOR_SANDBOX_H
#define MONITOR_SANDBOX_H

#include <stdbool.h>
#include <sys/types.h>

#include <host/failure.h>

struct sandbox {
	int dir_fd;            // the instance's folder: its files may be removed. -1: none
	const char *state_dir; // where that folder is, so that it can be removed itself, or NULL
	bool sockets;          // user-mode networking: makes connections for the guest, reads resolv.conf
	pid_t child;           // a process of the instance's that may be killed and waited for, or 0
	bool edits;            // the monitor edits the guest's page tables (hosts that emulate CPL 0)
};

// Gives 0 or a negative errno with *why. Kernels without Landlock go without it.
int sandbox_enter(const struct sandbox *s, struct failure *why);

#endif
