// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The control port: what a monitor's guest would find in its vcpu_area, as messages.
#include <errno.h>
#include <unistd.h>

#include <monitor/clock.h>
#include <monitor/control.h>
#include <monitor/qemu/half.h>

#define ANSWER_NS 500000000ull // `pith inspect` waits two seconds
#define GRACE_NS 2000000000ull // for QEMU to end when the guest has said that it has

static void close_port(struct qemu *q)
{
	close(q->mine[QEMU_CONTROL]);
	q->mine[QEMU_CONTROL] = -1;
}

// Gives false if the port takes it later, or never. A message is much shorter than what a socket
// takes at once.
static bool say(struct qemu *q, uint32_t kind, uint32_t value)
{
	const struct pc_message m = { kind, value };

	if (q->mine[QEMU_CONTROL] < 0)
		return false;
	if (write(q->mine[QEMU_CONTROL], &m, sizeof(m)) == (ssize_t)sizeof(m))
		return true;
	if (errno != EAGAIN && errno != EINTR)
		close_port(q);
	return false;
}

static bool tell_window(struct qemu *q)
{
	uint32_t now = q->area.tty_rows << 16 | (q->area.tty_cols & 0xffff);

	if (now == q->window_told) // the first: by the command line
		return true;
	if (!say(q, PC_WINDOW, now))
		return false;
	q->window_told = now;
	return true;
}

static bool tell_signals(struct qemu *q)
{
	for (unsigned n = 1; n < 64 && q->area.host_signals; n++) {
		if (!(q->area.host_signals >> n & 1))
			continue;
		if (!say(q, PC_SIGNAL, n))
			return false;
		q->area.host_signals &= ~(1ull << n);
	}
	return true;
}

static bool tell_streams(struct qemu *q)
{
	struct qemu_streams *s = &q->streams;

	for (uint32_t i = 1; i < 3; i++) {
		if (!s->errors[i])
			continue;
		if (!say(q, PC_STREAM, i << 16 | (uint32_t)s->errors[i]))
			return false;
		s->errors[i] = 0;
	}
	if (!s->end_told && streams_input_ended(s))
		s->end_told = say(q, PC_INPUT_END, 0);
	return true;
}

bool qemu_tell(struct qemu *q)
{
	return q->mine[QEMU_CONTROL] < 0 ||
	       (tell_window(q) && tell_signals(q) && tell_streams(q));
}

void qemu_hear(struct qemu *q)
{
	uint8_t bytes[4096];
	ssize_t n = read(q->mine[QEMU_CONTROL], bytes, sizeof(bytes));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || !door_take(&q->door, bytes, (size_t)n))
		close_port(q);
	if (q->door.exited && !q->exit_until_ns)
		q->exit_until_ns = clock_host_ns() + GRACE_NS;
}

void qemu_ask(struct qemu *q)
{
	if (!q->door.asked)
		q->door.asked = say(q, PC_ASK, 0);
	q->ask_until_ns = clock_host_ns() + (q->door.asked ? ANSWER_NS : 0);
}

// What the host tells the guest is not the guest's to say.
static void take_area(struct qemu *q)
{
	struct vcpu_area was = q->area;

	q->area = q->door.area;
	q->area.host_signals = was.host_signals;
	q->area.events = was.events;
	q->area.tty_rows = was.tty_rows;
	q->area.tty_cols = was.tty_cols;
	q->door.answered = false;
}

void qemu_answer(struct qemu *q)
{
	bool answered = q->door.answered;

	if (answered)
		take_area(q);
	if (q->ask_until_ns && (answered || clock_host_ns() >= q->ask_until_ns)) {
		control_serve(q->m);
		q->ask_until_ns = 0;
	}
}
