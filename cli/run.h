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
	bool detach, remove, json, dry_run;
	bool kept; // what it leaves stays when it has ended
	const char *program, *tag, *max_size;   // for pith build, if the image is to be built first
	const char *built_from;      // then: what from
	struct instance in;
	int ready_fd; // of a detached instance, to the command that waits for it; else -1
};

// Builds an image of an archive or a folder for this run alone: cfg.image is then a file without a
// name. 0 or the exit status of the command.
int run_build(struct run *r);
bool run_needs_build(const struct run *r);

// Runs to the end, or until it has started if detached. Gives the exit status.
int run_instance(struct run *r);

#endif
