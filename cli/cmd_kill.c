// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>

#include <cli/commands.h>
#include <cli/end.h>
#include <host/options.h>

static const char help[] =
	"Usage: pith kill [-s SIGNAL] NAME...\n"
	"\n"
	"Sends a signal to the program of an instance: INT, TERM, HUP, QUIT, USR1, USR2, WINCH;\n"
	"or KILL, which ends the instance at once.\n"
	"\n"
	"  -s, --signal SIGNAL  name or number (KILL)\n"
	"  -h, --help           this text\n";

static const struct option options[] = {
	{ "signal", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static bool can_send(int signo)
{
	static const int known[] = { SIGINT,  SIGTERM, SIGHUP,	 SIGQUIT,
				     SIGUSR1, SIGUSR2, SIGWINCH, SIGKILL };

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (signo == known[i])
			return true;
	}
	return false;
}

static int kill_one(struct instance *in, const struct instance_info *info, const void *how,
		    struct failure *why)
{
	int signo = *(const int *)how;

	if (info->state != INSTANCE_RUNNING)
		return failure_set(why, -ESRCH, "%s is not running", in->name);
	return signo == SIGKILL ? end_kill(in, info, why) : end_signal(in, info, signo, why);
}

int cmd_kill(int argc, char **argv)
{
	int opt, signo = SIGKILL;
	struct failure why;

	while ((opt = getopt_long(argc, argv, "s:h", options, NULL)) != -1) {
		if (opt == 'h') {
			fputs(help, stdout);
			return cli_done(0);
		}
		if (opt == '?')
			return cli_usage("kill", "wrong options");
		if (option_signal(optarg, &signo, &why))
			return cli_fail(&why);
		if (!can_send(signo))
			return cli_usage("kill", "signal %s cannot be sent to an instance", optarg);
	}
	if (optind == argc)
		return cli_usage("kill", "no name is given");
	return end_each(argv + optind, kill_one, &signo);
}
