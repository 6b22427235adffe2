// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <monitor/call_names.h>
#include <monitor/clock.h>
#include <monitor/control.h>

#define BACKLOG 4

struct control {
	int fd;
};

// By way of the folder's descriptor: a path in sockaddr_un is too short for some.
static void address(struct sockaddr_un *a, int dir_fd)
{
	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	snprintf(a->sun_path, sizeof(a->sun_path), "/proc/self/fd/%d/control.sock", dir_fd);
}

int control_open(struct monitor *m, struct failure *why)
{
	struct sockaddr_un at;
	struct control *c;
	int r;

	if (m->cfg->dir_fd < 0)
		return 0;
	c = malloc(sizeof(*c));
	if (!c)
		return failure_errno(why, -ENOMEM, "the control socket");
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	address(&at, m->cfg->dir_fd);
	if (c->fd >= 0 && !bind(c->fd, (struct sockaddr *)&at, sizeof(at)) &&
	    !listen(c->fd, BACKLOG)) {
		m->control = c;
		return 0;
	}
	r = failure_errno(why, -errno, "cannot make %s/control.sock", m->cfg->dir);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
	return r;
}

void control_close(struct monitor *m)
{
	if (!m->control)
		return;
	close(m->control->fd);
	unlinkat(m->cfg->dir_fd, "control.sock", 0);
	free(m->control);
	m->control = NULL;
}

int control_fd(const struct monitor *m)
{
	return m->control ? m->control->fd : -1;
}

static void add_memory(cJSON *o, const struct monitor *m)
{
	const struct vcpu_area *a = m->loaded.area;

	cJSON_AddNumberToObject(o, "memory_limit", (double)m->memory);
	cJSON_AddNumberToObject(o, "memory_used", (double)a->ram_used);
	cJSON_AddNumberToObject(o, "memory_peak", (double)a->ram_peak);
}

static void add_guest(cJSON *o, const struct monitor *m)
{
	const struct vcpu_area *a = m->loaded.area;

	cJSON_AddNumberToObject(o, "threads", (double)a->threads);
	cJSON_AddNumberToObject(o, "open_files", (double)a->open_files);
	cJSON_AddNumberToObject(o, "syscalls", (double)a->syscalls);
	cJSON_AddNumberToObject(o, "syscall_traps", (double)a->syscall_traps);
	cJSON_AddNumberToObject(o, "page_faults", (double)a->faults);
	cJSON_AddNumberToObject(o, "code_switches", (double)a->wx_switches);
	cJSON_AddNumberToObject(o, "boot_ns", (double)a->main_ns);
	// From the library OS's first instruction to the program's.
	cJSON_AddNumberToObject(
		o, "guest_boot_ns",
		(double)((a->main_tsc - a->entry_tsc) * (a->clock.mult >> 8) >> 24));
}

// The guest writes there as it likes: each word is read once.
static void add_missing(cJSON *o, const struct monitor *m)
{
	const volatile struct area_missing *at = m->loaded.area->missing;
	cJSON *list = cJSON_AddArrayToObject(o, "missing");

	for (unsigned i = 0; i < AREA_MISSING; i++) {
		uint32_t nr = at[i].nr, count = at[i].count;
		cJSON *c;

		if (!count)
			break;
		c = cJSON_CreateObject();
		cJSON_AddStringToObject(c, "call", call_names_get(nr));
		cJSON_AddNumberToObject(c, "count", count);
		cJSON_AddItemToArray(list, c);
	}
}

static void add_ports(cJSON *o, const struct monitor *m)
{
	cJSON *list = cJSON_AddArrayToObject(o, "ports");

	for (unsigned i = 0; i < m->port_count; i++) {
		cJSON *p = cJSON_CreateObject();

		cJSON_AddNumberToObject(p, "host", m->ports[i].host);
		cJSON_AddNumberToObject(p, "guest", m->ports[i].guest);
		cJSON_AddStringToObject(p, "protocol", m->ports[i].udp ? "udp" : "tcp");
		cJSON_AddItemToArray(list, p);
	}
}

static void add_crossings(cJSON *o, const struct monitor *m)
{
	cJSON *crossings = cJSON_AddObjectToObject(o, "crossings");

	for (unsigned i = 0; i < CROSSINGS; i++)
		cJSON_AddNumberToObject(crossings, crossing_name[i], (double)m->crossings[i]);
}

static char *statistics(const struct monitor *m)
{
	cJSON *o = cJSON_CreateObject();
	char *text;

	if (!o)
		return NULL;
	cJSON_AddStringToObject(o, "platform", m->platform);
	cJSON_AddNumberToObject(o, "uptime_ns", (double)(clock_host_ns() - m->start_ns));
	add_memory(o, m);
	add_guest(o, m);
	if (!m->crossings_unknown)
		add_crossings(o, m);
	add_missing(o, m);
	if (m->volumes.count && !m->crossings_unknown) {
		cJSON_AddNumberToObject(o, "volumes_read", (double)m->volumes.bytes_read);
		cJSON_AddNumberToObject(o, "volumes_written", (double)m->volumes.bytes_written);
	}
	add_ports(o, m);
	text = cJSON_PrintUnformatted(o);
	cJSON_Delete(o);
	return text;
}

// The answer fits into a socket's buffer; who does not take it gets nothing.
void control_serve(struct monitor *m)
{
	int fd = accept4(m->control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	char *text;

	if (fd < 0)
		return;
	text = statistics(m);
	if (text && send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		m->control_failures++;
	free(text);
	close(fd);
}
