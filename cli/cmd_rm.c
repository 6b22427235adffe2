// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include <cli/commands.h>
#include <cli/end.h>

static const char help[] =
	"Usage: pith rm [-f] NAME...\n"
	"\n"
	"Removes what instances left: log and exit status.\n"
	"\n"
	"  -f, --force  end those that still run, and pass over names that do not exist\n"
	"  -h, --help   this text\n";

static const struct option options[] = {
	{ "force", no_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int remove_one(const char *name, bool force)
{
	struct instance_info info;
	struct failure why;
	struct instance in;
	int r = instance_open(&in, name, &why);

	if (r)
		return force && r == -ENOENT ? 0 : cli_fail(&why);
	instance_look(&in, &info);
	if (info.state == INSTANCE_RUNNING && !force) {
		failure_set(&why, -1, "%s is running; `pith stop %s` ends it, or use rm -f", name,
			    name);
		r = cli_fail(&why);
	} else if (info.state == INSTANCE_RUNNING && end_kill(&in, &info, &why)) {
		r = cli_fail(&why);
	} else {
		end_leave_network(&in, &info);
		instance_remove(&in);
	}
	instance_info_free(&info);
	instance_close(&in);
	return r;
}

int cmd_rm(int argc, char **argv)
{
	bool force = false;
	int opt, status = 0;

	while ((opt = getopt_long(argc, argv, "fh", options, NULL)) != -1) {
		if (opt == 'h') {
			fputs(help, stdout);
			return cli_done(0);
		}
		if (opt == '?')
			return cli_usage("rm", "wrong options");
		force = true;
	}
	if (optind == argc)
		return cli_usage("rm", "no name is given");
	for (; optind < argc; optind++) {
		if (remove_one(argv[optind], force))
			status = STATUS_FAILED;
	}
	return status;
}
