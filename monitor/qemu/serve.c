// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// While QEMU runs: streams, messages, frames, signals and the control socket, in one loop that
// sleeps when there is nothing to do.
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <monitor/clock.h>
#include <monitor/control.h>
#include <monitor/qemu/half.h>

#define FIRST_SIGN_MS 3000 // a guest that says nothing for so long has started, too
#define MS 1000000ull
#define INPUT_MS_MAX 64    // between looks whether QEMU has taken the last of standard input

// Places in the poll set.
enum { AT_SIGNALS, AT_CONTROL, AT_REPORT, AT_DOOR, AT_FRAMES, AT_STREAMS };
_Static_assert(AT_STREAMS + 2 * STREAMS <= NETDEV_OTHERS, "the network leaves us these");

bool qemu_reap(struct qemu *q)
{
	int status;

	if (q->child && waitpid(q->child, &status, WNOHANG) == q->child) {
		q->child = 0;
		q->child_status = status;
	}
	return !q->child;
}

// Only the beginning is kept: the first message says what is wrong.
void qemu_read_report(struct qemu *q)
{
	char rest[512];
	size_t room = sizeof(q->report) - 1 - q->report_len;
	ssize_t n = read(q->report_fd, room ? q->report + q->report_len : rest,
			 room ? room : sizeof(rest));

	if (n > 0 && room)
		q->report_len += (size_t)n;
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		close(q->report_fd);
		q->report_fd = -1;
	}
}

// Gives true if one came that is not about QEMU.
static bool take_signals(struct qemu *q)
{
	struct signalfd_siginfo si;
	bool other = false;

	while (read(q->signal_fd, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		if (si.ssi_signo == SIGCHLD)
			continue;
		other = true;
		if (signals_forward(q->m, (int)si.ssi_signo))
			q->killed = true;
	}
	if (q->killed && q->child)
		kill(q->child, SIGKILL);
	return other;
}

static bool has_spoken(struct qemu *q, struct pollfd *p)
{
	uint8_t byte;

	for (int i = 0; i < QEMU_SOCKETS; i++) {
		if (!p[i].revents)
			continue;
		if (recv(q->mine[i], &byte, 1, MSG_PEEK) > 0)
			return true;
		p[i].fd = -1; // it hangs up: the signal follows
	}
	return false;
}

bool qemu_first_sign(struct qemu *q)
{
	struct pollfd p[QEMU_SOCKETS + 1];

	for (int i = 0; i < QEMU_SOCKETS; i++)
		p[i] = (struct pollfd){ .fd = q->mine[i], .events = POLLIN };
	p[QEMU_SOCKETS] = (struct pollfd){ .fd = q->signal_fd, .events = POLLIN };
	for (;;) {
		int n = poll(p, QEMU_SOCKETS + 1, FIRST_SIGN_MS);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || has_spoken(q, p))
			return true;
		if (p[QEMU_SOCKETS].revents && take_signals(q))
			return true;
		if (qemu_reap(q))
			return false;
	}
}

static void lower(uint64_t *ns, uint64_t now, uint64_t until)
{
	uint64_t left = until > now ? until - now : 0;

	if (until && left < *ns)
		*ns = left;
}

// Nothing wakes us when QEMU has read the last of standard input, so we look, ever more seldom.
static void lower_for_input(struct qemu *q, uint64_t *ns)
{
	const struct stream *in = &q->streams.at[STREAM_IN];

	if (q->streams.end_told || q->mine[QEMU_CONTROL] < 0 || !in->eof || in->at < in->len)
		return;
	q->streams.end_ms = q->streams.end_ms ? 2 * q->streams.end_ms : 1;
	if (q->streams.end_ms > INPUT_MS_MAX)
		q->streams.end_ms = INPUT_MS_MAX;
	if (q->streams.end_ms * MS < *ns)
		*ns = q->streams.end_ms * MS;
}

static struct pollfd *sleep_on(struct qemu *q, bool all_told, bool all_sent)
{
	uint64_t ns = UINT64_MAX, now = clock_host_ns();
	unsigned count;
	struct pollfd *p = netdev_pollfds(q->net, &count, &ns);
	struct timespec ts;

	p[AT_SIGNALS] = (struct pollfd){ .fd = q->signal_fd, .events = POLLIN };
	p[AT_CONTROL] = (struct pollfd){ .fd = q->ask_until_ns ? -1 : control_fd(q->m),
					 .events = POLLIN };
	p[AT_REPORT] = (struct pollfd){ .fd = q->report_fd, .events = POLLIN };
	p[AT_DOOR] = (struct pollfd){ .fd = q->mine[QEMU_CONTROL],
				      .events = (short)(POLLIN | (all_told ? 0 : POLLOUT)) };
	p[AT_FRAMES] = (struct pollfd){ .fd = q->frames.fd,
					.events = (short)(POLLIN | (all_sent ? 0 : POLLOUT)) };
	streams_want(&q->streams, p + AT_STREAMS);
	lower(&ns, now, q->ask_until_ns);
	lower(&ns, now, q->child ? q->exit_until_ns : 0);
	lower_for_input(q, &ns);
	ts = (struct timespec){ (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
	if (ppoll(p, count, ns == UINT64_MAX ? NULL : &ts, NULL) <= 0)
		for (unsigned i = 0; i < count; i++)
			p[i].revents = 0;
	return p;
}

// Frames go through to the end before the next sleep. Gives false if QEMU does not take all.
static bool move_frames(struct qemu *q, short revents)
{
	if (q->frames.fd < 0)
		return true;
	if (!q->child || (revents & (POLLHUP | POLLERR) && !(revents & POLLIN))) {
		q->frames.fd = -1;
		return true;
	}
	if (revents & POLLIN)
		frames_receive(&q->frames);
	netdev_pump(q->net);
	return frames_send(&q->frames);
}

static void act(struct qemu *q, const struct pollfd *p)
{
	if (p[AT_REPORT].revents)
		qemu_read_report(q);
	streams_move(&q->streams, p + AT_STREAMS);
	if (p[AT_DOOR].revents & ~POLLOUT)
		qemu_hear(q);
	if (p[AT_CONTROL].revents)
		qemu_ask(q);
	qemu_answer(q);
	if (p[AT_SIGNALS].revents) {
		take_signals(q);
		qemu_reap(q);
	}
	if (q->child && q->exit_until_ns && clock_host_ns() >= q->exit_until_ns)
		kill(q->child, SIGKILL);
}

void qemu_serve(struct qemu *q)
{
	bool all_sent = true;

	while (!qemu_reap(q) || !(q->killed || streams_done(&q->streams))) {
		const struct pollfd *p = sleep_on(q, qemu_tell(q), all_sent);
		short frames = p[AT_FRAMES].revents;

		act(q, p);
		netdev_polled(q->net);
		all_sent = move_frames(q, frames);
	}
	while (q->mine[QEMU_CONTROL] >= 0 && !q->door.exited)
		qemu_hear(q);
	while (q->report_fd >= 0)
		qemu_read_report(q);
}
