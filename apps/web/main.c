// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// web: a server of static files over HTTP/1.1. Options, signals, messages; the rest is elsewhere:
// server.c (event loop), conn.c (connections), request.c (heads of requests), respond.c (answers).
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "file.h"
#include "pool.h"
#include "respond.h"
#include "server.h"

// Descriptors besides those of connections: files that are kept open, connections that are told
// that there are too many, and the rest.
#define OTHER_DESCRIPTORS 160
// For requests in pieces and answers that wait, whatever the number of connections.
#define BUFFERS_MAX (8u << 20)
#define BYTES_PER_CONN 512u

static const char usage[] =
	"usage: web [-p PORT] [-r DIR] [-l] [-c CONNECTIONS] [-t SECONDS] [-k SECONDS]\n"
	"Serves the files of a directory over HTTP/1.1, and counters at /stats.\n"
	"  -p PORT         the port (default 80; 0: a free one)\n"
	"  -r DIR          the directory (default /www)\n"
	"  -l              list directories that have no index.html\n"
	"  -c CONNECTIONS  at one time (default 4096)\n"
	"  -t SECONDS      a request must arrive within so long (default 10)\n"
	"  -k SECONDS      close connections that are idle for so long (default 30)\n";

struct options {
	const char *dir;
	uint16_t port;
	bool list;
	struct conn_options conn;
};

static void say(int fd, const char *const *parts)
{
	char buf[1024];
	struct text t = { buf, sizeof(buf), 0, false };

	while (*parts)
		text_str(&t, *parts++);
	// There is nowhere to report a message that cannot be written.
	if (write(fd, t.at, t.len) < 0)
		return;
}

#define SAY(...) say(STDERR_FILENO, (const char *const[]){ "web: ", __VA_ARGS__, "\n", NULL })

static int option_number(const char *option, const char *s, unsigned min, unsigned max, unsigned *v)
{
	struct slice in = { s, strlen(s) };
	uint64_t n;

	if (!slice_number(&in, &n) || in.len || n < min || n > max) {
		SAY(option, " ", s, ": not a number in its range (web --help has the options)");
		return -EINVAL;
	}
	*v = (unsigned)n;
	return 0;
}

static int option_set(struct options *o, const char *option, const char *value)
{
	unsigned port;
	int e;

	switch (option[1]) {
	case 'p':
		e = option_number(option, value, 0, 65535, &port);
		o->port = e ? 0 : (uint16_t)port;
		return e;
	case 'c':
		return option_number(option, value, 1, 1000000, &o->conn.max);
	case 't':
		return option_number(option, value, 1, 3600, &o->conn.request_seconds);
	case 'k':
		return option_number(option, value, 1, 3600, &o->conn.idle_seconds);
	default:
		o->dir = value;
		return 0;
	}
}

// 0; 1: nothing is left to do; -EINVAL after a message.
static int options_parse(struct options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];

		if (!strcmp(a, "--help")) {
			say(STDOUT_FILENO, (const char *const[]){ usage, NULL });
			return 1;
		}
		if (!strcmp(a, "-l")) {
			o->list = true;
			continue;
		}
		if (a[0] != '-' || !a[1] || a[2] || !strchr("prctk", a[1])) {
			SAY(a, ": unknown option (web --help has them)");
			return -EINVAL;
		}
		if (i + 1 == argc) {
			SAY(a, " needs a value");
			return -EINVAL;
		}
		if (option_set(o, a, argv[++i]))
			return -EINVAL;
	}
	return 0;
}

static const char *error_text(int e)
{
	switch (-e) {
	case ENOENT:
		return "it does not exist";
	case ENOTDIR:
		return "it is not a directory";
	case EACCES:
		return "permission denied";
	case EADDRINUSE:
		return "another program has it (-p names another port)";
	case EMFILE:
	case ENFILE:
		return "too many open files";
	case ENOMEM:
		return "out of memory";
	default:
		return "error ";
	}
}

static int fail(const char *what, const char *which, int e)
{
	char number[24];
	struct text t = { number, sizeof(number) - 1, 0, false };
	const char *why = error_text(e);

	if (!strcmp(why, "error "))
		text_num(&t, (uint64_t)-e);
	number[t.len] = '\0';
	SAY(what, which, ": ", why, number);
	return 1;
}

static void on_signal(int signal)
{
	(void)signal;
	server_stop();
}

// SIGTERM and SIGINT come only while the event loop waits, so none is missed.
static void signals_init(void)
{
	struct sigaction stop = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

// struct rlimit64 of prlimit(2).
struct limit64 {
	uint64_t rlim_cur, rlim_max;
};

// As many descriptors as allowed; connections are limited to what that leaves.
static void limit_connections(struct conn_options *o)
{
	struct limit64 r;

	// Not setrlimit(): musl's brings along what it needs to stop other threads.
	if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &r))
		return;
	r.rlim_cur = r.rlim_max;
	syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &r, NULL);
	if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &r) ||
	    r.rlim_cur >= (uint64_t)o->max + OTHER_DESCRIPTORS)
		return;
	o->max = r.rlim_cur > 2 * OTHER_DESCRIPTORS ? (unsigned)r.rlim_cur - OTHER_DESCRIPTORS
						    : (unsigned)r.rlim_cur / 2;
	SAY("fewer connections than asked for: the limit of open files is low");
}

int main(int argc, char **argv)
{
	struct options o = {
		.dir = "/www",
		.port = 80,
		.conn = { .max = 4096, .request_seconds = 10, .idle_seconds = 30 },
	};
	char number[8];
	struct text t = { number, sizeof(number) - 1, 0, false };
	int e = options_parse(&o, argc, argv);

	if (e)
		return e < 0 ? 2 : 0;
	e = files_open_root(o.dir);
	if (e)
		return fail("cannot serve ", o.dir, e);
	limit_connections(&o.conn);
	pool_init(BUFFERS_MAX + (size_t)o.conn.max * BYTES_PER_CONN);
	answer_listings(o.list);
	clock_start();
	signals_init();
	text_num(&t, o.port);
	number[t.len] = '\0';
	e = server_open(&o.port, &o.conn);
	if (e)
		return fail("cannot listen on port ", number, e);
	t.len = 0;
	text_num(&t, o.port);
	number[t.len] = '\0';
	SAY("serving ", o.dir, " on port ", number);
	e = server_run();
	return e ? fail("cannot wait for events", "", e) : 0;
}
