// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Devices and sleep. The guest half is its own device for the console and for a tap; a network that
// needs libraries (user mode) is served by the parent on the same rings, and the two wake each
// other by eventfds. Each side says in the shared page that it is about to sleep, and looks once
// more at its ring after that; so nobody needs to be woken that is awake.
#include <asm/fcntl.h>
#include <asm/poll.h>

#include <pith/console.h>
#include <pith/pump.h>
#include <platform/process/gate.h>

#define HOST_EINTR (-4)
#define SECOND 1000000000ull
#define ETHERNET_HEADER 14

struct host_pollfd {
	int32_t fd;
	int16_t events, revents;
};

static struct {
	struct console console;
	struct pump pump; // of a tap
	uint32_t in_told, rx_told; // heads of the rings to the guest when it was told last, by the
				   // return from wait
} dev;

static long fd_read(int fd, void *buf, unsigned long n)
{
	return host_call(__NR_read, fd, (long)buf, (long)n, 0, 0, 0);
}

static long fd_write(int fd, const void *buf, unsigned long n)
{
	return host_call(__NR_write, fd, (long)buf, (long)n, 0, 0, 0);
}

static long poll_for(struct host_pollfd *fds, unsigned count, uint64_t ns)
{
	uint64_t t[2] = { ns / SECOND, ns % SECOND };

	return host_call(__NR_ppoll, (long)fds, count, ns == UINT64_MAX ? 0 : (long)t, 0, 0, 0);
}

static int fd_writable(int fd)
{
	struct host_pollfd p = { .fd = fd, .events = POLLOUT };

	return poll_for(&p, 1, 0) != 0;
}

static const struct console_io io = { .read = fd_read, .write = fd_write, .writable = fd_writable };
static const struct pump_io tap_io = { .read = fd_read, .write = fd_write };

static struct ring_end ring_of(const struct boot_ring *r)
{
	return (struct ring_end){ .ring = r->size ? (struct ring *)r->va : NULL, .size = r->size };
}

void wait_start(void)
{
	const struct boot_net *net = &pp.boot->net;
	uint32_t frame = net->flags & NET_RX_TSO ? NET_FRAME_MAX : ETHERNET_HEADER + net->mtu;

	dev.console.out = ring_of(&pp.boot->con_out);
	dev.console.in = ring_of(&pp.boot->con_in);
	dev.console.errors = pp.area->stream_error;
	if (!pp.tap)
		return;
	dev.pump.rx = ring_of(&net->rx);
	dev.pump.tx = ring_of(&net->tx);
	dev.pump.fd = PROCESS_FD_TAP;
	dev.pump.frame_max = (uint32_t)sizeof(struct net_header) + frame;
	if (dev.pump.frame_max > ring_max(net->rx.size))
		dev.pump.frame_max = ring_max(net->rx.size);
}

// All that can be sent and received without waiting.
static void pump_tap(void)
{
	if (!pp.tap)
		return;
	pump_send(&dev.pump, &tap_io);
	pump_receive(&dev.pump, &tap_io);
}

static void wake_parent(void)
{
	uint64_t one = 1;

	if (__atomic_exchange_n(&pp.page->parent_sleeps, 0, __ATOMIC_SEQ_CST))
		fd_write(PROCESS_FD_PARENT, &one, sizeof(one));
}

// Does the parent have frames to send? Its index tells how far it is.
static bool parent_has_work(void)
{
	struct ring *tx = (struct ring *)pp.boot->net.tx.va;

	return pp.boot->net.tx.size && !pp.tap &&
	       __atomic_load_n(&tx->head, __ATOMIC_SEQ_CST) !=
		       __atomic_load_n(&tx->tail, __ATOMIC_ACQUIRE);
}

static uint32_t head_of(const struct boot_ring *r)
{
	return r->size ? __atomic_load_n(&((struct ring *)r->va)->head, __ATOMIC_SEQ_CST) : 0;
}

// Is there something that the guest has not been told of? What it has not taken although it was, is
// no reason to stay awake.
static bool something_came(void)
{
	return __atomic_load_n(&pp.area->events, __ATOMIC_SEQ_CST) ||
	       head_of(&pp.boot->con_in) != dev.in_told || head_of(&pp.boot->net.rx) != dev.rx_told;
}

static void tell(void)
{
	dev.in_told = head_of(&pp.boot->con_in);
	dev.rx_told = head_of(&pp.boot->net.rx);
}

static bool wants_stdin(void)
{
	return pp.area->want_stdin && console_wants(&dev.console);
}

// One look at everything that can be polled, sleeping for up to ns. Gives false if it was a signal
// that ended it.
static bool look(uint64_t ns)
{
	struct host_pollfd fds[4];
	unsigned n = 0, input = 4, tap = 4;
	uint64_t kicks;
	long r;

	fds[n++] = (struct host_pollfd){ .fd = PROCESS_FD_KICK, .events = POLLIN };
	if (wants_stdin()) {
		input = n;
		fds[n++] = (struct host_pollfd){ .fd = 0, .events = POLLIN };
	}
	if (pp.tap && pump_has_room(&dev.pump)) {
		tap = n;
		fds[n++] = (struct host_pollfd){ .fd = PROCESS_FD_TAP, .events = POLLIN };
	}
	if (dev.console.blocked >= 0)
		fds[n++] = (struct host_pollfd){ .fd = dev.console.blocked, .events = POLLOUT };
	r = poll_for(fds, n, ns);
	if (r <= 0)
		return r != HOST_EINTR;
	if (fds[0].revents)
		fd_read(PROCESS_FD_KICK, &kicks, sizeof(kicks));
	if (input < n && fds[input].revents)
		console_fill(&dev.console, &io);
	if (tap < n && fds[tap].revents)
		pump_receive(&dev.pump, &tap_io);
	if (dev.console.blocked >= 0)
		console_flush(&dev.console, &io);
	return true;
}

// Sleeps until something comes. A tick that comes meanwhile disarms itself (signal.c), so a short
// sleep costs no calls for it.
static void sleep_until(uint64_t deadline)
{
	for (;;) {
		uint64_t now = deadline == UINT64_MAX ? 0 : clock_now();
		bool looked;

		if (now >= deadline)
			break;
		__atomic_store_n(&pp.page->child_sleeps, 1, __ATOMIC_SEQ_CST);
		looked = something_came() ||
			 look(deadline == UINT64_MAX ? UINT64_MAX : deadline - now);
		__atomic_store_n(&pp.page->child_sleeps, 0, __ATOMIC_SEQ_CST);
		if (looked)
			break;
	}
	if (!pp.ticking)
		tick_set(true);
}

static void wait_for(uint64_t ns)
{
	uint64_t now;

	if (something_came())
		return;
	if (ns) {
		now = clock_now();
		sleep_until(ns > UINT64_MAX - now ? UINT64_MAX : now + ns);
	} else if (wants_stdin() || dev.console.blocked >= 0) {
		look(0);
	}
}

void process_wait(void)
{
	pp.page->counts[PROCESS_WAITS]++;
	clock_refine();
	console_flush(&dev.console, &io);
	pump_tap();
	if (parent_has_work())
		wake_parent();
	wait_for(pp.area->wait_ns);
	tell();
}

static bool volume_asks(void)
{
	return __atomic_load_n(&pp.page->volume, __ATOMIC_SEQ_CST);
}

// The parent does it; the instance sleeps meanwhile. Kicks for other things may come too: what they
// told of is still there when wait looks.
void process_volume(void)
{
	uint64_t kicks;

	pp.page->counts[PROCESS_VOLUMES]++;
	__atomic_store_n(&pp.page->volume, 1, __ATOMIC_SEQ_CST);
	wake_parent();
	while (volume_asks()) {
		struct host_pollfd p = { .fd = PROCESS_FD_KICK, .events = POLLIN };

		__atomic_store_n(&pp.page->child_sleeps, 1, __ATOMIC_SEQ_CST);
		if (volume_asks() && poll_for(&p, 1, UINT64_MAX) > 0)
			fd_read(PROCESS_FD_KICK, &kicks, sizeof(kicks));
		__atomic_store_n(&pp.page->child_sleeps, 0, __ATOMIC_SEQ_CST);
	}
	if (!pp.ticking)
		tick_set(true);
}

void process_end(int status)
{
	tick_set(false);
	console_flush(&dev.console, &io);
	while (dev.console.blocked >= 0)
		look(UINT64_MAX);
	for (;;)
		host_call(__NR_exit_group, status, 0, 0, 0, 0, 0);
}
