// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The host half of the process platform: what its files share.
#ifndef MONITOR_PROCESS_HALF_H
#define MONITOR_PROCESS_HALF_H

#include <linux/filter.h>
#include <sys/types.h>

#include <pith/process.h>
#include <monitor/dev/netdev.h>
#include <monitor/monitor.h>

#define FILTER_MAX 128

struct half {
	struct monitor *m;
	struct process_page *page; // shared with the child
	int ram_fd, kick_fd, parent_fd, tap_fd; // tap_fd -1: none
	int signal_fd;
	struct netdev *net; // the user-mode network; a tap is the child's own
	pid_t parent, child;
	uint64_t gate_va;
	struct process_gate gate;
	struct sock_filter filter[FILTER_MAX];
	unsigned filter_len;
};

// Finds the gate in the image (monitor/process/gate.c). Gives 0 or a negative errno with *why.
int gate_find(struct half *h, struct failure *why);

// Writes the child's seccomp filter (monitor/process/filter.c).
void filter_build(struct half *h);

// The child, from fork to the first instruction of the image (monitor/process/child.c).
void child_main(struct half *h) __attribute__((noreturn));

#endif
