// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Starting QEMU: its file, its sockets, and what it says if it does not start.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sys/stat.h>
#include <unistd.h>

#include <monitor/qemu/half.h>

#define REPORT_SHOWN 700
// What may be on its way: a program is to learn soon that nobody takes its output, and input that it
// does not read is to be left for others.
#define STREAM_ON_WAY 16384

// Where root has a file to itself QEMU, which is not root, gets a copy.
int qemu_open_image(struct qemu *q, struct failure *why)
{
	struct stat st;
	off_t at = 0;
	int copy, fd = open(q->m->cfg->image, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st)) {
		failure_errno(why, -errno, "cannot open %s", q->m->cfg->image);
		return -EIO;
	}
	q->image_fd = fd;
	if (geteuid() || st.st_mode & S_IROTH)
		return 0;
	copy = memfd_create("pith-image", MFD_CLOEXEC);
	while (copy >= 0 && at < st.st_size) {
		if (sendfile(copy, fd, &at, (size_t)(st.st_size - at)) <= 0)
			return failure_errno(why, -EIO, "cannot copy %s", q->m->cfg->image);
	}
	if (copy < 0 || fchmod(copy, 0444))
		return failure_errno(why, -errno, "cannot copy %s", q->m->cfg->image);
	close(fd);
	q->image_fd = copy;
	return 0;
}

void qemu_close_sockets(struct qemu *q)
{
	int *fds[] = { &q->report_fd, &q->its_report };

	for (int i = 0; i < QEMU_SOCKETS; i++) {
		if (q->mine[i] >= 0)
			close(q->mine[i]);
		if (q->its[i] >= 0)
			close(q->its[i]);
		q->mine[i] = q->its[i] = -1;
	}
	for (int i = 0; i < 2; i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

static int make_sockets(struct qemu *q, struct failure *why)
{
	const int little = STREAM_ON_WAY;

	for (int i = 0; i < QEMU_SOCKETS; i++) {
		int type = i == QEMU_FRAMES ? SOCK_DGRAM : SOCK_STREAM, ends[2];

		if (i == QEMU_FRAMES && !monitor_net_sockets(q->m))
			continue;
		if (socketpair(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends))
			return failure_errno(why, -errno, "cannot make sockets for QEMU");
		q->mine[i] = ends[0];
		q->its[i] = ends[1];
		for (int end = 0; end < 2 && i != QEMU_FRAMES; end++)
			setsockopt(ends[end], SOL_SOCKET, SO_SNDBUF, &little, sizeof(little));
	}
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return failure_errno(why, -errno, "cannot make a pipe for QEMU");
	q->report_fd = ends[0];
	q->its_report = ends[1];
	return 0;
}

// What QEMU said, on one line.
const char *qemu_report(struct qemu *q)
{
	char *to = q->report, *from = q->report;

	q->report[q->report_len] = 0;
	while (*from) {
		if (!strncmp(from, QEMU_COMMAND ": ", sizeof(QEMU_COMMAND ": ") - 1)) {
			from += sizeof(QEMU_COMMAND ": ") - 1;
			continue;
		}
		if (*from == '\n' && !from[1])
			break;
		*to++ = (unsigned char)*from < ' ' ? ' ' : *from;
		from++;
	}
	*to = 0;
	q->report[q->report_len < REPORT_SHOWN ? q->report_len : REPORT_SHOWN] = 0;
	return q->report[0] ? q->report : "it did not say why";
}

static int start_once(struct qemu *q, struct failure *why)
{
	struct words command = { NULL, 0, 0, false };
	int err = make_sockets(q, why);

	if (!err)
		err = qemu_command(q, false, &command, why);
	if (!err)
		err = qemu_start(q, &command, why);
	words_free(&command);
	if (err || qemu_first_sign(q))
		return err;
	while (q->report_fd >= 0)
		qemu_read_report(q);
	return failure_set(why, -EIO, "QEMU ended when it was to start, with %s %d: %s",
			   WIFSIGNALED(q->child_status) ? "signal" : "status",
			   WIFSIGNALED(q->child_status) ? WTERMSIG(q->child_status)
							: WEXITSTATUS(q->child_status),
			   qemu_report(q));
}

// A QEMU that was built without seccomp says so, and is started again without its own sandbox.
int qemu_launch(struct qemu *q, struct failure *why)
{
	int err = start_once(q, why);

	if (err != -EIO || !strstr(q->report, "-sandbox"))
		return err;
	qemu_close_sockets(q);
	q->report_len = 0;
	why->text[0] = 0;
	q->without_sandbox = true;
	if (q->m->cfg->say)
		q->m->cfg->say(q->m->cfg->arg, "this QEMU has no sandbox of its own");
	return start_once(q, why);
}
