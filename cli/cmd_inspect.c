// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cli/commands.h>
#include <cli/inspect.h>

static const char help[] =
	"Usage: pith inspect [--json] IMAGE | NAME\n"
	"\n"
	"Shows what is in an image and where its bytes are, or how an instance is doing: memory,\n"
	"system calls, and how often it crossed to the host.\n"
	"\n"
	"      --json  print a JSON object\n"
	"  -h, --help  this text\n";

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

double inspect_number(const cJSON *o, const char *key)
{
	const cJSON *v = cJSON_GetObjectItem(o, key);

	return cJSON_IsNumber(v) ? v->valuedouble : 0;
}

const char *inspect_text(const cJSON *o, const char *key)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItem(o, key));

	return s ? s : "";
}

static int print(cJSON *o, bool json, void (*as_text)(const cJSON *))
{
	char *text = json ? cJSON_Print(o) : NULL;

	if (text)
		puts(text);
	else if (!json)
		as_text(o);
	free(text);
	cJSON_Delete(o);
	return cli_done(0);
}

// A name of an instance wins over a file, unless it has a slash.
static int inspect(const char *what, bool json)
{
	struct failure why, no_instance;
	struct instance in;
	cJSON *o;

	if (!strchr(what, '/') && !instance_open(&in, what, &no_instance)) {
		o = inspect_instance(&in, &why);
		instance_close(&in);
		return o ? print(o, json, inspect_instance_print) : cli_fail(&why);
	}
	if (access(what, F_OK)) {
		failure_set(&why, -1, "there is neither an instance nor an image named %s; "
			    "`pith ps` lists instances", what);
		return cli_fail(&why);
	}
	o = inspect_image(what, &why);
	return o ? print(o, json, inspect_image_print) : cli_fail(&why);
}

int cmd_inspect(int argc, char **argv)
{
	bool json = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (opt == 'h') {
			fputs(help, stdout);
			return cli_done(0);
		}
		if (opt == '?')
			return cli_usage("inspect", "wrong options");
		json = true;
	}
	if (optind + 1 != argc)
		return cli_usage("inspect", "one image or name, please");
	return inspect(argv[optind], json);
}
