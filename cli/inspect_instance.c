// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What state.json says, and of a running instance what its control socket answers and what it costs
// the host.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cli/inspect.h>

#define ANSWER_MAX 65536
#define ANSWER_S 2

static int connect_control(struct instance *in)
{
	struct timeval patience = { .tv_sec = ANSWER_S };
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "/proc/self/fd/%d/control.sock", in->dir_fd);
	if (fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) &&
	    !connect(fd, (struct sockaddr *)&at, sizeof(at)))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static cJSON *ask(struct instance *in)
{
	char *text = malloc(ANSWER_MAX);
	size_t len = 0;
	cJSON *o = NULL;
	ssize_t n = 0;
	int fd = text ? connect_control(in) : -1;

	while (fd >= 0 && len < ANSWER_MAX - 1 &&
	       (n = read(fd, text + len, ANSWER_MAX - 1 - len)) > 0)
		len += (size_t)n;
	if (len && !n) {
		text[len] = 0;
		o = cJSON_Parse(text);
	}
	if (fd >= 0)
		close(fd);
	free(text);
	return o;
}

// Adds the lines "Rss:" and "Pss:" of a process (Linux: Documentation/filesystems/proc.rst,
// smaps_rollup), in bytes.
static void add_cost(pid_t pid, double *rss, double *pss)
{
	char path[64], line[256];
	unsigned long kib;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "Rss: %lu", &kib) == 1)
			*rss += (double)kib * 1024;
		else if (sscanf(line, "Pss: %lu", &kib) == 1)
			*pss += (double)kib * 1024;
	}
	if (f)
		fclose(f);
}

// The monitor and, on the platform process, its child.
static void add_costs(cJSON *o, pid_t monitor)
{
	double rss = 0, pss = 0;
	char path[64];
	FILE *f;
	int pid;

	add_cost(monitor, &rss, &pss);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)monitor, (int)monitor);
	f = fopen(path, "re");
	while (f && fscanf(f, "%d", &pid) == 1)
		add_cost(pid, &rss, &pss);
	if (f)
		fclose(f);
	cJSON_AddNumberToObject(o, "host_rss", rss);
	cJSON_AddNumberToObject(o, "host_pss", pss);
}

cJSON *inspect_instance(struct instance *in, struct failure *why)
{
	static const char *const states[] = { "running", "exited", "dead" };
	struct instance_info info;
	cJSON *o;

	if (instance_look(in, &info)) {
		failure_errno(why, -ENOMEM, "%s", in->name);
		return NULL;
	}
	o = info.json ? info.json : cJSON_CreateObject();
	cJSON_AddStringToObject(o, "state", states[info.state]);
	if (info.state == INSTANCE_EXITED)
		cJSON_AddNumberToObject(o, "status", info.status);
	if (info.message[0])
		cJSON_AddStringToObject(o, "message", info.message);
	if (info.state == INSTANCE_RUNNING) {
		cJSON *statistics = ask(in);

		if (instance_pid(&info))
			add_costs(o, instance_pid(&info));
		if (statistics)
			cJSON_AddItemToObject(o, "statistics", statistics);
	}
	return o;
}

static void print_size(const char *name, double bytes)
{
	printf("  %-20s%.0f KiB\n", name, bytes / 1024);
}

static void print_statistics(const cJSON *s)
{
	static const char *const counts[] = { "threads",       "open_files",  "syscalls",
					      "syscall_traps", "page_faults", "code_switches" };
	const cJSON *c;

	printf("  %-20s%.1f s\n", "uptime", inspect_number(s, "uptime_ns") / 1e9);
	printf("  %-20s%.0f us\n", "boot to program", inspect_number(s, "boot_ns") / 1e3);
	print_size("memory limit", inspect_number(s, "memory_limit"));
	print_size("memory used", inspect_number(s, "memory_used"));
	print_size("memory peak", inspect_number(s, "memory_peak"));
	if (cJSON_GetObjectItem(s, "volumes_read")) {
		print_size("volumes read", inspect_number(s, "volumes_read"));
		print_size("volumes written", inspect_number(s, "volumes_written"));
	}
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		printf("  %-20s%.0f\n", counts[i], inspect_number(s, counts[i]));
	printf("  %-20s%s", "crossings",
	       cJSON_GetObjectItem(s, "crossings") ? "" : "not known: QEMU does not count them");
	cJSON_ArrayForEach(c, cJSON_GetObjectItem(s, "crossings"))
		printf("%s%s %.0f", c->prev && c->prev->next ? ", " : "", c->string,
		       c->valuedouble);
	printf("\n");
	if (cJSON_GetArraySize(cJSON_GetObjectItem(s, "missing")))
		printf("  %-20s", "calls not there");
	cJSON_ArrayForEach(c, cJSON_GetObjectItem(s, "missing"))
		printf("%s %.0f%s", inspect_text(c, "call"), inspect_number(c, "count"),
		       c->next ? ", " : "\n");
}

void inspect_instance_print(const cJSON *o)
{
	const cJSON *statistics = cJSON_GetObjectItem(o, "statistics"), *p;
	const char *state = inspect_text(o, "state");

	printf("%s: %s", inspect_text(o, "name"), state);
	if (!strcmp(state, "exited"))
		printf(" with status %.0f%s%s", inspect_number(o, "status"),
		       inspect_text(o, "message")[0] ? ": " : "", inspect_text(o, "message"));
	printf("\n  %-20s%s\n  %-20s%s\n  %-20s%.0f\n", "image", inspect_text(o, "image"),
	       "platform", inspect_text(o, "platform"), "process", inspect_number(o, "pid"));
	if (cJSON_GetObjectItem(o, "network"))
		printf("  %-20s%s\n", "network", inspect_text(o, "network"));
	if (cJSON_GetObjectItem(o, "address"))
		printf("  %-20s%s\n", "address", inspect_text(o, "address"));
	cJSON_ArrayForEach(p, cJSON_GetObjectItem(o, "ports"))
		printf("  %-20s%.0f:%.0f/%s\n", "port", inspect_number(p, "host"),
		       inspect_number(p, "guest"), inspect_text(p, "protocol"));
	cJSON_ArrayForEach(p, cJSON_GetObjectItem(o, "volumes"))
		printf("  %-20s%s:%s%s\n", "volume", inspect_text(p, "host"),
		       inspect_text(p, "guest"),
		       cJSON_IsTrue(cJSON_GetObjectItem(p, "readonly")) ? ":ro" : "");
	if (cJSON_GetObjectItem(o, "host_pss")) {
		print_size("host memory (RSS)", inspect_number(o, "host_rss"));
		print_size("host memory (PSS)", inspect_number(o, "host_pss"));
	}
	if (statistics)
		print_statistics(statistics);
}
