// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// `pith run`: what its options say (cmd_run.c), and the instance around the monitor
// (run_instance.c).
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <host/state.h>
#include <monitor/monitor.h>

struct run {
	struct monitor_config cfg;
	bool detach, remove, json;
	struct instance in;
	int ready_fd; // of a detached instance, to the command that waits for it; else -1
};

// Runs to the end, or until it has started if detached. Gives the exit status.
int run_instance(struct run *r);

#endif
