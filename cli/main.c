// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cli/commands.h>
#include <monitor/clock.h>

#define PITH_VERSION "0.1"

const struct command commands[] = {
	{ "build", "make an image of a Linux program", cmd_build },
	{ "run", "run an image", cmd_run },
	{ "ps", "list instances", cmd_ps },
	{ "logs", "show the output of a detached instance", cmd_logs },
	{ "inspect", "show what is in an image, or how an instance is doing", cmd_inspect },
	{ "stop", "end an instance: SIGTERM, then SIGKILL", cmd_stop },
	{ "kill", "send a signal to an instance", cmd_kill },
	{ "export", "make a disk or CD that boots an image", cmd_export },
	{ "rm", "remove what an ended instance left", cmd_rm },
	{ NULL, NULL, NULL },
};

int cli_fail(const struct failure *why)
{
	fflush(stdout);
	fprintf(stderr, "pith: %s\n", why->text);
	return STATUS_FAILED;
}

int cli_usage(const char *command, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "pith %s: ", command);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nsee pith %s --help\n", command);
	return STATUS_FAILED;
}

int cli_done(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	fprintf(stderr, "pith: cannot write to standard output: %s\n", strerror(errno));
	return STATUS_FAILED;
}

static int help(FILE *to)
{
	fprintf(to, "Usage: pith COMMAND [options] ...\n\n"
		    "Makes Linux programs into unikernels and runs them.\n\nCommands:\n");
	for (const struct command *c = commands; c->name; c++)
		fprintf(to, "  %-8s %s\n", c->name, c->summary);
	fprintf(to, "\n`pith COMMAND --help` says more.\n");
	return to == stdout ? cli_done(0) : STATUS_FAILED;
}

int main(int argc, char **argv)
{
	char name[32];

	clock_mark();
	if (argc < 2)
		return help(stderr);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help(stdout);
	if (!strcmp(argv[1], "--version")) {
		printf("pith %s\n", PITH_VERSION);
		return cli_done(0);
	}
	for (const struct command *c = commands; c->name; c++) {
		if (!strcmp(argv[1], c->name)) {
			// getopt begins its complaints with this.
			snprintf(name, sizeof(name), "pith %s", c->name);
			argv[1] = name;
			return c->run(argc - 1, argv + 1);
		}
	}
	fprintf(stderr, "pith: there is no command \"%s\"; see pith --help\n", argv[1]);
	return STATUS_FAILED;
}
