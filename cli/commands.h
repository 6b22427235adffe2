// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The command line: one cmd_<name>.c per command, each with its help. A command gives its exit
// status.
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stdbool.h>

#include <host/failure.h>

#define STATUS_FAILED 125 // pith's own failure
#define STATUS_CRASHED 126

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv); // argv[0] is the command
};
extern const struct command commands[]; // ends with name NULL

int cmd_build(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_ps(int argc, char **argv);
int cmd_logs(int argc, char **argv);
int cmd_inspect(int argc, char **argv);
int cmd_stop(int argc, char **argv);
int cmd_kill(int argc, char **argv);
int cmd_rm(int argc, char **argv);
int cmd_export(int argc, char **argv);

// Prints "pith: ..." and gives STATUS_FAILED.
int cli_fail(const struct failure *why);
int cli_usage(const char *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3))); // "see pith COMMAND --help"

// Standard output is flushed; if that failed (a full disk) this says so. Gives `status`, or
// STATUS_FAILED.
int cli_done(int status);

#endif
