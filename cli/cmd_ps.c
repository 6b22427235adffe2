// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cli/commands.h>
#include <host/state.h>

static const char help[] = "Usage: pith ps [--json]\n"
			   "\n"
			   "Lists instances: those that run, those that have ended (exited) and "
			   "those whose monitor was\n"
			   "killed (dead).\n"
			   "\n"
			   "      --json  print a JSON array\n"
			   "  -h, --help  this text\n";

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char *text_of(const cJSON *o, const char *key)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItem(o, key));

	return s ? s : "?";
}

static void state_text(const struct instance_info *info, char *buf, size_t size)
{
	if (info->state == INSTANCE_RUNNING)
		snprintf(buf, size, "running");
	else if (info->state == INSTANCE_EXITED)
		snprintf(buf, size, "exited (%d)", info->status);
	else
		snprintf(buf, size, "dead");
}

static void age_text(const cJSON *o, char *buf, size_t size)
{
	const cJSON *started = cJSON_GetObjectItem(o, "started");
	long s = cJSON_IsNumber(started) ? (long)(time(NULL) - (time_t)started->valuedouble) : 0;

	if (s < 120)
		snprintf(buf, size, "%ld s", s < 0 ? 0 : s);
	else if (s < 7200)
		snprintf(buf, size, "%ld min", s / 60);
	else if (s < 48 * 3600)
		snprintf(buf, size, "%ld h", s / 3600);
	else
		snprintf(buf, size, "%ld d", s / 86400);
}

// "NETWORK ADDRESS", as far as there are any.
static void network_text(const cJSON *o, char *buf, size_t size)
{
	const char *network = cJSON_GetStringValue(cJSON_GetObjectItem(o, "network"));
	const char *address = cJSON_GetStringValue(cJSON_GetObjectItem(o, "address"));

	snprintf(buf, size, "%s%s%s", network ? network : "", network ? " " : "",
		 address ? address : "-");
}

static void ports_text(const cJSON *o, char *buf, size_t size)
{
	const cJSON *p;
	size_t n = 0;

	buf[0] = 0;
	cJSON_ArrayForEach(p, cJSON_GetObjectItem(o, "ports")) {
		const cJSON *host = cJSON_GetObjectItem(p, "host"),
			    *guest = cJSON_GetObjectItem(p, "guest");

		if (cJSON_IsNumber(host) && cJSON_IsNumber(guest) && n < size)
			n += (size_t)snprintf(buf + n, size - n, "%s%d:%d/%s", n ? "," : "",
					      host->valueint, guest->valueint,
					      text_of(p, "protocol"));
	}
}

static int print_row(struct instance *in, void *arg)
{
	char state[32], age[32], ports[256], network[128];
	struct instance_info info;
	bool *any = arg;
	const char *base;

	if (instance_look(in, &info))
		return 0;
	if (!*any)
		printf("%-24s %-14s %-9s %-8s %-20s %-20s %s\n", "NAME", "STATE", "PLATFORM",
		       "STARTED", "NETWORK", "PORTS", "IMAGE");
	*any = true;
	state_text(&info, state, sizeof(state));
	age_text(info.json, age, sizeof(age));
	ports_text(info.json, ports, sizeof(ports));
	network_text(info.json, network, sizeof(network));
	base = strrchr(text_of(info.json, "image"), '/');
	printf("%-24s %-14s %-9s %-8s %-20s %-20s %s\n", in->name, state,
	       text_of(info.json, "platform"), age, network, ports,
	       base ? base + 1 : text_of(info.json, "image"));
	instance_info_free(&info);
	return 0;
}

static int add_json(struct instance *in, void *arg)
{
	static const char *const names[] = { "running", "exited", "dead" };
	struct instance_info info;
	cJSON *o;

	if (instance_look(in, &info))
		return 0;
	o = info.json ? info.json : cJSON_CreateObject();
	info.json = NULL;
	if (!cJSON_GetObjectItem(o, "name"))
		cJSON_AddStringToObject(o, "name", in->name);
	cJSON_AddStringToObject(o, "state", names[info.state]);
	if (info.state == INSTANCE_EXITED)
		cJSON_AddNumberToObject(o, "status", info.status);
	if (info.message[0])
		cJSON_AddStringToObject(o, "message", info.message);
	cJSON_AddItemToArray(arg, o);
	return 0;
}

static int list_json(struct failure *why)
{
	cJSON *list = cJSON_CreateArray();
	int r = instances_each(add_json, list, why);
	char *text = r ? NULL : cJSON_Print(list);

	if (text)
		puts(text);
	free(text);
	cJSON_Delete(list);
	return r;
}

int cmd_ps(int argc, char **argv)
{
	bool json = false, any = false;
	struct failure why;
	int opt, r;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (opt == 'h') {
			fputs(help, stdout);
			return cli_done(0);
		}
		if (opt == '?')
			return cli_usage("ps", "wrong options");
		json = true;
	}
	if (optind < argc)
		return cli_usage("ps", "%s: ps takes no names", argv[optind]);
	r = json ? list_json(&why) : instances_each(print_row, &any, &why);
	return r ? cli_fail(&why) : cli_done(0);
}
