// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cli/commands.h>
#include <host/state.h>

#define ALIVE_MS 1000 // how often to see whether a silent instance is still alive

static const char help[] =
	"Usage: pith logs [-f] NAME\n"
	"\n"
	"Shows what a detached instance has printed.\n"
	"\n"
	"  -f, --follow  go on until the instance ends\n"
	"  -h, --help    this text\n";

static const struct option options[] = {
	{ "follow", no_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int copy_out(int fd, struct failure *why)
{
	char buf[65536];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (ssize_t at = 0, w; at < n; at += w) {
			w = write(STDOUT_FILENO, buf + at, (size_t)(n - at));
			if (w < 0)
				return failure_errno(why, -errno,
						     "cannot write to standard output");
		}
	}
	return n < 0 ? failure_errno(why, -errno, "cannot read the log") : 0;
}

static bool running(struct instance *in)
{
	struct instance_info info;

	if (instance_look(in, &info))
		return false;
	instance_info_free(&info);
	return info.state == INSTANCE_RUNNING;
}

// Looks whether the instance lives before it reads, so that what was written last is not missed.
static int follow(struct instance *in, int fd, struct failure *why)
{
	char path[64], events[4096];
	struct pollfd p = { .fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), .events = POLLIN };
	bool alive = true;
	int r = 0;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (p.fd < 0 || inotify_add_watch(p.fd, path, IN_MODIFY | IN_CLOSE_WRITE) < 0)
		r = failure_errno(why, -errno, "cannot watch the log");
	while (!r && alive) {
		alive = running(in);
		r = copy_out(fd, why);
		if (!r && alive && poll(&p, 1, ALIVE_MS) > 0 &&
		    read(p.fd, events, sizeof(events)) < 0 && errno != EAGAIN)
			r = failure_errno(why, -errno, "cannot watch the log");
	}
	if (p.fd >= 0)
		close(p.fd);
	return r;
}

static int show(const char *name, bool following)
{
	struct failure why;
	struct instance in;
	int fd, r = instance_open(&in, name, &why);

	if (r)
		return cli_fail(&why);
	fd = openat(in.dir_fd, "log", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		r = failure_set(&why, -ENOENT, "%s has no log: it was not started with -d, "
				"its output went to its terminal", name);
	else if (fd < 0)
		r = failure_errno(&why, -errno, "cannot open %s/log", in.dir);
	else
		r = following ? follow(&in, fd, &why) : copy_out(fd, &why);
	if (fd >= 0)
		close(fd);
	instance_close(&in);
	return r ? cli_fail(&why) : 0;
}

int cmd_logs(int argc, char **argv)
{
	bool following = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "fh", options, NULL)) != -1) {
		if (opt == 'h') {
			fputs(help, stdout);
			return cli_done(0);
		}
		if (opt == '?')
			return cli_usage("logs", "wrong options");
		following = true;
	}
	if (optind + 1 != argc)
		return cli_usage("logs", "one name, please");
	return show(argv[optind], following);
}
