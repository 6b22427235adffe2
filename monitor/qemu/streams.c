// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <monitor/qemu/streams.h>
#include <pith/console.h>

void streams_open(struct qemu_streams *s, int console, int err, int serial)
{
	static const struct {
		int from, to, program; // -1: QEMU's
	} ends[STREAMS] = {
		[STREAM_OUT] = { -1, STDOUT_FILENO, STDOUT_FILENO },
		[STREAM_ERR] = { -1, STDERR_FILENO, STDERR_FILENO },
		[STREAM_SERIAL] = { -1, STDERR_FILENO, 0 },
		[STREAM_IN] = { STDIN_FILENO, -1, 0 },
	};
	const int its[STREAMS] = { console, err, serial, console };

	for (int i = 0; i < STREAMS; i++) {
		struct stream *at = &s->at[i];

		at->from = ends[i].from < 0 ? its[i] : ends[i].from;
		at->to = ends[i].to < 0 ? its[i] : ends[i].to;
		at->terminal = i == STREAM_SERIAL;
		at->error = ends[i].program ? &s->errors[ends[i].program] : NULL;
	}
}

static bool wants_more(const struct stream *s)
{
	return s->at == s->len && !s->eof;
}

static bool has_more(const struct stream *s)
{
	return s->at < s->len;
}

// Standard input is read only when QEMU takes it: what the program does not read is left for others
// as far as possible.
void streams_want(const struct qemu_streams *s, struct pollfd *p)
{
	for (int i = 0; i < STREAMS; i++) {
		const struct stream *at = &s->at[i];

		p[2 * i] = (struct pollfd){ .fd = wants_more(at) ? at->from : -1,
					    .events = POLLIN };
		p[2 * i + 1] = (struct pollfd){ .fd = has_more(at) ? at->to : -1,
						.events = POLLOUT };
	}
}

static size_t without_returns(uint8_t *buf, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (buf[i] != '\r')
			buf[n++] = buf[i];
	}
	return n;
}

static void take(struct stream *s)
{
	ssize_t n = read(s->from, s->buf, s->to > STDERR_FILENO ? CONSOLE_CHUNK : sizeof(s->buf));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	s->eof = n <= 0;
	s->at = 0;
	s->len = n > 0 ? (size_t)n : 0;
	if (s->terminal)
		s->len = without_returns(s->buf, s->len);
	if (s->lost)
		s->len = 0;
}

static void give(struct stream *s)
{
	size_t left = s->len - s->at;
	ssize_t n = write(s->to, s->buf + s->at, left < CONSOLE_CHUNK ? left : CONSOLE_CHUNK);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n >= 0) {
		s->at += (size_t)n;
		return;
	}
	if (s->error)
		*s->error = errno;
	s->lost = errno == EPIPE;
	s->at = s->len;
}

void streams_move(struct qemu_streams *s, const struct pollfd *p)
{
	for (int i = 0; i < STREAMS; i++) {
		if (p[2 * i].revents)
			take(&s->at[i]);
		if (p[2 * i + 1].revents)
			give(&s->at[i]);
	}
}

bool streams_done(const struct qemu_streams *s)
{
	for (int i = 0; i < STREAM_IN; i++) {
		if (!s->at[i].eof || has_more(&s->at[i]))
			return false;
	}
	return true;
}

bool streams_input_ended(const struct qemu_streams *s)
{
	const struct stream *in = &s->at[STREAM_IN];
	int left;

	return in->eof && !has_more(in) && !ioctl(in->to, TIOCOUTQ, &left) && !left;
}
