// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// An instance from its folder in the state directory to its exit status. Detached, the monitor is a
// child in a session of its own whose output is the log; the command waits until the instance has
// started, or says why it has not.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cli/commands.h>
#include <cli/run.h>

#define READY                                                                                      \
	"ready " /* before the JSON that a detached monitor sends when it has started; anything    \
		    else is a failure */

static void say(void *arg, const char *line)
{
	fprintf(stderr, "pith: %s\n", line);
}

static void add_ports(const struct run *r, cJSON *o)
{
	cJSON *list = cJSON_AddArrayToObject(o, "ports");

	for (unsigned i = 0; i < r->cfg.port_count; i++) {
		const struct monitor_port *p = &r->cfg.ports[i];
		cJSON *item = cJSON_CreateObject();

		cJSON_AddNumberToObject(item, "host", p->host);
		cJSON_AddNumberToObject(item, "guest", p->guest);
		cJSON_AddStringToObject(item, "protocol", p->udp ? "udp" : "tcp");
		cJSON_AddItemToArray(list, item);
	}
}

static void add_volumes(const struct run *r, cJSON *o)
{
	cJSON *list = cJSON_AddArrayToObject(o, "volumes");

	for (unsigned i = 0; i < r->cfg.volume_count; i++) {
		const struct volume_spec *v = &r->cfg.volumes[i];
		char *host = realpath(v->host, NULL);
		cJSON *item = cJSON_CreateObject();

		cJSON_AddStringToObject(item, "host", host ? host : v->host);
		cJSON_AddStringToObject(item, "guest", v->guest);
		cJSON_AddBoolToObject(item, "readonly", v->readonly);
		cJSON_AddItemToArray(list, item);
		free(host);
	}
}

// Its network and address, where they are known.
static void add_network(cJSON *o, const struct monitor *m)
{
	char text[INET_ADDRSTRLEN];

	if (m->net == MANIFEST_NET_NAMED)
		cJSON_AddStringToObject(o, "network", m->net_name);
	if (m->v4_addr && inet_ntop(AF_INET, &m->v4_addr, text, sizeof(text)))
		cJSON_AddStringToObject(o, "address", text);
}

static cJSON *describe(const struct run *r, const struct monitor *m)
{
	const char *path = r->built_from ? r->built_from : r->cfg.image;
	char *image = realpath(path, NULL);
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "name", r->in.name);
	cJSON_AddStringToObject(o, "image", image ? image : path);
	cJSON_AddNumberToObject(o, "pid", getpid());
	cJSON_AddStringToObject(o, "platform", m->platform);
	cJSON_AddNumberToObject(o, "started", (double)time(NULL));
	cJSON_AddBoolToObject(o, "detached", r->detach);
	cJSON_AddBoolToObject(o, "kept", r->kept); // for who kills it
	if (signals_forwarded((int)m->image.manifest->stop_signal))
		cJSON_AddNumberToObject(o, "stop_signal", m->image.manifest->stop_signal);
	add_ports(r, o);
	add_network(o, m);
	add_volumes(r, o);
	free(image);
	return o;
}

// The monitor is about to run the guest: say so in state.json, and to the command that waits.
static int started(void *arg, const struct monitor *m, struct failure *why)
{
	struct run *r = arg;
	cJSON *o = describe(r, m);
	int err = o ? instance_write(&r->in, o, why) : failure_errno(why, -ENOMEM, "state.json");

	if (!err && r->ready_fd >= 0) {
		char *text = cJSON_PrintUnformatted(o);

		dprintf(r->ready_fd, READY "%s", text ? text : "{}");
		free(text);
		close(r->ready_fd);
		r->ready_fd = -1;
	}
	cJSON_Delete(o);
	return err;
}

static int run_here(struct run *r, bool named)
{
	struct failure why = { "" };
	int status = STATUS_FAILED, err;

	// An instance that nobody asked to keep leaves nothing.
	r->kept = !r->remove && (named || r->detach);
	err = monitor_run(&r->cfg, &status, &why);
	if (!err && r->kept)
		instance_end(&r->in, status, why.text);
	else
		instance_remove(&r->in);
	if (err && r->ready_fd >= 0) {
		dprintf(r->ready_fd, "%s",
			why.text); // nothing is left by the time that the command hears of it
		close(r->ready_fd);
	} else if (err || why.text[0]) {
		fprintf(stderr, "pith: %s\n", why.text);
	}
	return err ? STATUS_FAILED : status;
}

// Standard input is empty, output goes to the log.
static int redirect(struct run *r, struct failure *why)
{
	int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int log = openat(r->in.dir_fd, "log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (in < 0 || log < 0)
		return failure_errno(why, -errno, "cannot write %s/log", r->in.dir);
	if (dup2(in, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
		return failure_errno(why, -errno, "cannot redirect the standard streams");
	close(in);
	close(log);
	return 0;
}

static void run_detached(struct run *r, int ready_fd, bool named) __attribute__((noreturn));
static void run_detached(struct run *r, int ready_fd, bool named)
{
	struct failure why;

	setsid();
	r->ready_fd = ready_fd;
	if (redirect(r, &why)) {
		dprintf(ready_fd, "%s", why.text);
		instance_remove(&r->in);
		_exit(STATUS_FAILED);
	}
	exit(run_here(r, named));
}

static int report(const struct run *r, const char *text)
{
	size_t n = strlen(READY);
	struct failure why;

	if (!strncmp(text, READY, n)) {
		printf("%s\n", r->json ? text + n : r->in.name);
		return cli_done(0);
	}
	failure_set(&why, -EIO, "%s",
		    text[0] ? text : "the monitor ended before the instance had started");
	return cli_fail(&why);
}

static int detach(struct run *r, bool named)
{
	char text[8192];
	struct failure why;
	size_t len = 0;
	ssize_t n;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) || (pid = fork()) < 0) {
		failure_errno(&why, -errno, "cannot detach");
		instance_remove(&r->in);
		return cli_fail(&why);
	}
	if (!pid) {
		close(ends[0]);
		run_detached(r, ends[1], named);
	}
	close(ends[1]);
	while (len < sizeof(text) - 1 &&
	       (n = read(ends[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = 0;
	return report(r, text);
}

static void print_command(void *arg, const char *text)
{
	puts(text);
}

// Nothing runs, so there is no instance.
static int dry_run(struct run *r)
{
	struct failure why = { "" };
	int status = 0;

	if (run_needs_build(r)) {
		failure_set(&why, -EINVAL,
			    "--dry-run needs an image, and %s is none yet: make one with `pith build`",
			    r->cfg.image);
		return cli_fail(&why);
	}
	r->cfg.say = say;
	r->cfg.command = print_command;
	return monitor_run(&r->cfg, &status, &why) ? cli_fail(&why) : cli_done(status);
}

int run_instance(struct run *r)
{
	char root[STATE_PATH_MAX];
	bool named = r->cfg.name;
	struct failure why;

	if (r->detach)
		close_range(STDERR_FILENO + 1, ~0u,
			    0); // nothing that was inherited is kept open behind its owner's back
	if (access(r->cfg.image, F_OK)) {
		failure_set(&why, -ENOENT, "no such image: %s; make one with `pith build PROGRAM`",
			    r->cfg.image);
		return cli_fail(&why);
	}
	if (r->dry_run)
		return dry_run(r);
	if (run_needs_build(r)) {
		int status = run_build(r);

		if (status)
			return status;
	}
	if (state_root(root, &why) || instance_create(&r->in, r->cfg.name, &why))
		return cli_fail(&why);
	r->cfg.name = r->in.name;
	r->cfg.dir = r->in.dir;
	r->cfg.dir_fd = r->in.dir_fd;
	r->cfg.all_fd = r->in.all_fd;
	r->cfg.state_dir = root;
	r->cfg.say = say;
	r->cfg.started = started;
	r->cfg.arg = r;
	return r->detach ? detach(r, named) : run_here(r, named);
}
