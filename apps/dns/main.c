// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// dns: an authoritative name server for one zone, read from a file at the start.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "query.h"
#include "rdata.h"
#include "server.h"
#include "text.h"
#include "zparse.h"

static const char usage[] =
	"usage: dns [-z FILE] [-o ORIGIN] [-a ADDRESS] [-p PORT] [-t SECONDS] [--check]\n"
	"Serves a DNS zone over UDP and TCP.\n"
	"  -z FILE     the zone file (default /zone)\n"
	"  -o ORIGIN   the zone's name (default: the owner of its SOA, which must come first)\n"
	"  -a ADDRESS  listen on this address only (default: on all)\n"
	"  -p PORT     the port (default 53)\n"
	"  -t SECONDS  close TCP connections that are idle for so long (default 30)\n"
	"  --check     check the zone, say how large it is, and leave\n";

struct options {
	const char *file;
	const char *origin;
	int check;
	struct server_options server;
};

static char message[1024];

static int fail(struct text *t)
{
	text_str(t, "\n");
	text_put(t, STDERR_FILENO);
	return 1;
}

static int bad_option(struct text *t, const char *option, const char *why)
{
	text_str(t, "dns: ");
	text_str(t, option);
	text_str(t, why);
	text_str(t, " (dns --help lists the options)");
	fail(t);
	return -EINVAL;
}

static int option_number(const char *s, uint32_t max, uint32_t *v)
{
	return number_parse(s, strlen(s), max, v) || !*v ? -EINVAL : 0;
}

// An option with a value. 0, or -EINVAL after a message.
static int option_set(struct options *o, const char *option, const char *value, struct text *t)
{
	uint32_t v;

	switch (option[1]) {
	case 'z':
		o->file = value;
		return 0;
	case 'o':
		o->origin = value;
		return 0;
	case 'a':
		o->server.address = value;
		return 0;
	case 'p':
		if (option_number(value, 65535, &v))
			return bad_option(t, option, ": a port is a number from 1 to 65535");
		o->server.port = (uint16_t)v;
		return 0;
	default:
		if (option_number(value, 86400, &v))
			return bad_option(t, option, ": give seconds, 1 to 86400");
		o->server.idle = v;
		return 0;
	}
}

// 0; 1: nothing is left to do; -EINVAL after a message.
static int options_parse(struct options *o, int argc, char **argv, struct text *t)
{
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];

		if (!strcmp(a, "--help")) {
			text_str(t, usage);
			text_put(t, STDOUT_FILENO);
			return 1;
		}
		if (!strcmp(a, "--check")) {
			o->check = 1;
			continue;
		}
		if (a[0] != '-' || !a[1] || a[2] || !strchr("zoapt", a[1]))
			return bad_option(t, a, ": unknown option");
		if (i + 1 == argc)
			return bad_option(t, a, " needs a value");
		if (option_set(o, a, argv[++i], t))
			return -EINVAL;
	}
	return 0;
}

static int file_fail(const char *file, int err, struct text *t)
{
	text_str(t, "dns: cannot read the zone file ");
	text_str(t, file);
	text_str(t, err == ENOENT    ? ": it does not exist (-z names another)"
		    : err == EACCES ? ": permission denied"
		    : err == EISDIR ? ": it is a directory"
		    : err == ENOMEM ? ": out of memory"
				    : ": input error");
	return -err;
}

static ssize_t read_whole(int fd, char *buf, size_t size)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = read(fd, buf + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

// Reads the zone, and lets go of its text.
static int load(struct zone *z, const struct options *o, const uint8_t *apex, struct text *t)
{
	int fd = open(o->file, O_RDONLY | O_CLOEXEC), r;
	struct stat st;
	char *buf;
	ssize_t n;

	if (fd < 0)
		return file_fail(o->file, errno, t);
	if (fstat(fd, &st)) {
		r = errno;
		close(fd);
		return file_fail(o->file, r, t);
	}
	buf = mmap(NULL, (size_t)st.st_size + 1, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	n = buf == MAP_FAILED ? -ENOMEM : read_whole(fd, buf, (size_t)st.st_size);
	if (S_ISDIR(st.st_mode))
		n = -EISDIR;
	close(fd);
	r = n < 0 ? file_fail(o->file, (int)-n, t)
		  : zparse(z, o->file, buf, (size_t)n, apex, t);
	if (buf != MAP_FAILED)
		munmap(buf, (size_t)st.st_size + 1);
	return r;
}

static void summary(const struct zone *z, struct text *t)
{
	text_str(t, "zone ");
	text_name(t, z->apex->name);
	text_str(t, ": ");
	text_num(t, z->owners);
	text_str(t, " names, ");
	text_num(t, z->records);
	text_str(t, " records");
}

static void on_signal(int signal)
{
	(void)signal;
	server_stop();
}

static void signals_init(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sigaddset(&sa.sa_mask, SIGTERM);
	sigaddset(&sa.sa_mask, SIGINT);
	sigprocmask(SIG_BLOCK, &sa.sa_mask, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
}

static int serve(struct zone *z, const struct options *o, struct text *t)
{
	signals_init();
	query_init(z);
	text_str(t, "dns: ");
	if (server_open(&o->server, t))
		return fail(t);
	summary(z, t);
	text_str(t, ", port ");
	text_num(t, o->server.port);
	text_str(t, "\n");
	text_put(t, STDERR_FILENO);
	return server_run() ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct options o = { .file = "/zone", .server = { .port = 53, .idle = 30 } };
	uint8_t apex[NAME_MAX_LEN], root[] = { 0 };
	const char *why = NULL;
	static struct zone zone;
	struct text t;
	int r;

	text_init(&t, message, sizeof(message));
	r = options_parse(&o, argc, argv, &t);
	if (r)
		return r < 0 ? 2 : 0;
	if (o.origin && name_from_text(apex, o.origin, strlen(o.origin), root, &why) < 0)
		return bad_option(&t, "-o", ": not a domain name") ? 2 : 0;
	if (zone_init(&zone)) {
		text_str(&t, "dns: out of memory");
		return fail(&t);
	}
	if (load(&zone, &o, o.origin ? apex : NULL, &t))
		return fail(&t);
	if (o.check) {
		summary(&zone, &t);
		text_str(&t, "\n");
		text_put(&t, STDOUT_FILENO);
		return 0;
	}
	return serve(&zone, &o, &t);
}
