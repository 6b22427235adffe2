// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <cli/commands.h>
#include <cli/end.h>
#include <host/options.h>

#define DEFAULT_MS 10000
#define QUIET_MS 1000 // then say that we wait

static const char help[] =
	"Usage: pith stop [-t SECONDS] NAME...\n"
	"\n"
	"Ends instances: SIGTERM to the program, and SIGKILL if it has not ended after a while.\n"
	"\n"
	"  -t, --time SECONDS  how long to wait before SIGKILL (10)\n"
	"  -h, --help          this text\n";

static const struct option options[] = {
	{ "time", required_argument, NULL, 't' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int stop_one(struct instance *in, const struct instance_info *info, const void *how,
		    struct failure *why)
{
	const cJSON *signal = cJSON_GetObjectItem(info->json, "stop_signal"); // the image's
	unsigned ms = *(const unsigned *)how, quiet = ms < QUIET_MS ? ms : QUIET_MS;
	int r;

	if (info->state != INSTANCE_RUNNING)
		return 0;
	r = end_signal(in, info, cJSON_IsNumber(signal) ? signal->valueint : SIGTERM, why);
	if (r)
		return r == -ESRCH && end_wait(in, QUIET_MS) ? 0 : r;
	if (end_wait(in, quiet))
		return 0;
	if (ms > quiet && isatty(STDERR_FILENO))
		fprintf(stderr, "%s has not ended yet; waiting up to %u s before SIGKILL\n",
			in->name, (ms + 999) / 1000);
	if (end_wait(in, ms - quiet))
		return 0;
	return end_kill(in, info, why);
}

int cmd_stop(int argc, char **argv)
{
	unsigned ms = DEFAULT_MS;
	int opt;
	struct failure why;

	while ((opt = getopt_long(argc, argv, "t:h", options, NULL)) != -1) {
		if (opt == 'h') {
			fputs(help, stdout);
			return cli_done(0);
		}
		if (opt == '?')
			return cli_usage("stop", "wrong options");
		if (option_seconds(optarg, &ms, &why))
			return cli_fail(&why);
	}
	if (optind == argc)
		return cli_usage("stop", "no name is given");
	return end_each(argv + optind, stop_one, &ms);
}
