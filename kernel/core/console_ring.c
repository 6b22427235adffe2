// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The console's rings. See console.h.
#include <asm-generic/errno.h>
#include <linux/eventpoll.h>

#include <core/console.h>
#include <platform/platform.h>

struct wait_queue console_input = WAIT_QUEUE_INIT(console_input);
struct wait_queue console_output = WAIT_QUEUE_INIT(console_output);

static struct {
	struct ring_end out, in;
	uint32_t in_used;   // bytes of the first record in `in` that were read already
	uint32_t in_seen;   // how far the host had written when waiters were woken last
	bool in_end;        // the end of input has come, or there is none
	unsigned wanted;
	unsigned flags;
} console;

// Only what is new is an event: input that nobody reads must not keep the idle loop from the host.
static bool console_poll(void)
{
	uint32_t head =
		console.in.ring ? __atomic_load_n(&console.in.ring->head, __ATOMIC_ACQUIRE) : 0;
	bool input = !console.in_end && head != console.in_seen;

	console.in_seen = head;
	if (input)
		wake_all(&console_input, EPOLLIN);
	if (!list_empty(&console_output.waiters) && console_writable())
		wake_all(&console_output, EPOLLOUT);
	return input;
}

static struct poller console_poller = { .poll = console_poll };

static struct ring_end ring_at(const struct boot_ring *r)
{
	return (struct ring_end){ .ring = r->size ? (struct ring *)r->va : NULL, .size = r->size };
}

void console_init(const struct boot_block *boot)
{
	console.out = ring_at(&boot->con_out);
	console.in = ring_at(&boot->con_in);
	console.in_end = !console.in.ring;
	console.flags = boot->flags;
	poller_register(&console_poller);
}

// A quarter of the ring at a time, so that the host can write one piece while the next is made.
static uint32_t piece_max(void)
{
	return console.out.size / 4;
}

static uint8_t *space(uint32_t len)
{
	int err;

	return ring_space(&console.out, len, &err);
}

bool console_writable(void)
{
	return console.out.ring && space(piece_max());
}

ssize_t console_write(int stream, const void *buf, size_t n)
{
	const uint8_t *p = buf;

	if (!console.out.ring)
		return (ssize_t)n;
	for (size_t done = 0; done < n;) {
		uint32_t len = (uint32_t)MIN(n - done, piece_max());
		uint8_t *to = space(len);

		if (!to) {
			host_wait(NSEC / 1000);
			continue;
		}
		memcpy(to, p + done, len);
		ring_push(&console.out, len, (uint32_t)stream);
		done += len;
	}
	output_queued();
	return (ssize_t)n;
}

// Room for len bytes, now or after the host has drained. Gives NULL with *err.
static uint8_t *space_wait(uint32_t len, bool nowait, int *err)
{
	uint8_t *to = space(len);
	struct waiter w;

	*err = 0;
	if (to)
		return to;
	host_wait(0);
	to = space(len);
	*err = -EAGAIN;
	if (to || nowait)
		return to;
	wait_begin(&console_output, &w);
	while (!(to = space(len))) {
		*err = wait_sleep(time_now() + NSEC / 1000, true);
		if (*err == -EINTR)
			break;
	}
	wait_end(&w);
	return to;
}

// Why the host could not write what came before: 0 or a negative errno. Told once, but that nobody
// reads any more stays so.
static int write_error(int stream, bool tell)
{
	uint32_t *error = &percpu()->area->stream_error[stream];
	int err = (int)__atomic_load_n(error, __ATOMIC_ACQUIRE);

	if (tell && err != EPIPE)
		__atomic_store_n(error, 0, __ATOMIC_RELAXED);
	return -err;
}

ssize_t console_write_iter(int stream, struct iov_iter *it, bool nowait)
{
	ssize_t done = 0, n;
	int err = 0;

	if (!console.out.ring)
		it->left = 0;
	while (it->left) {
		uint32_t len = (uint32_t)MIN(it->left, piece_max());
		uint8_t *to = space_wait(len, nowait, &err);
		struct iov_iter before = *it;
		uint32_t mine = console.out.mine;

		if (!to)
			break;
		err = write_error(stream, !done);
		if (err)
			break;
		n = iov_copy_in(it, to, len);
		if (n <= 0) {
			err = n ? (int)n : -EFAULT;
			break;
		}
		// Copying may fault, and the fault may log: into the same place. Then it is copied
		// again.
		if (console.out.mine != mine) {
			*it = before;
			continue;
		}
		ring_push(&console.out, (uint32_t)n, (uint32_t)stream);
		output_queued();
		done += n;
		if ((size_t)n < len) {
			err = -EFAULT;
			break;
		}
	}
	return done ? done : err;
}

ssize_t console_read(void *buf, size_t n)
{
	struct ring_rec rec;
	uint8_t *payload;
	size_t done = 0;

	while (done < n && !console.in_end) {
		size_t piece;
		int r = ring_next(&console.in, &rec, &payload);

		if (r < 0 || (r && !rec.len)) {
			if (done)
				return (ssize_t)done;
			console.in_end = true;
		}
		if (r <= 0)
			break;
		if (!rec.len)
			break;
		piece = MIN(n - done, rec.len - console.in_used);
		memcpy((uint8_t *)buf + done, payload + console.in_used, piece);
		done += piece;
		console.in_used += (uint32_t)piece;
		if (console.in_used >= rec.len) {
			console.in_used = 0;
			ring_pop(&console.in, &rec);
		}
		if (console_is_tty(0))
			break;
	}
	return done || console.in_end ? (ssize_t)done : -EAGAIN;
}

bool console_readable(void)
{
	return console.in_end || ring_ready(&console.in);
}

void console_want_input(bool on)
{
	console.wanted += on ? 1 : -1u;
	percpu()->area->want_stdin = console.wanted > 0;
}

bool console_is_tty(int fd)
{
	static const unsigned bits[] = { BOOT_STDIN_TTY, BOOT_STDOUT_TTY, BOOT_STDERR_TTY };

	return fd >= 0 && fd < 3 && (console.flags & bits[fd]);
}

void console_size(unsigned *rows, unsigned *cols)
{
	*rows = percpu()->area->tty_rows;
	*cols = percpu()->area->tty_cols;
}
