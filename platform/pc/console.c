// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The console: a virtio console where there is one, else the UART. Standard error and the control
// port are ports of the virtio console, if the host has them.
#include <asm-generic/errno.h>

#include <drivers/io.h>
#include <drivers/uart16550.h>
#include <drivers/virtio/console.h>
#include <pith/console.h>
#include <pith/pc_control.h>
#include <platform/pc/pc.h>

#define SETTLE_US 3000000   // for the host to tell its ports' names; it may have much else to do
#define OPEN_US 300000      // and whether somebody is at their ends, which it tells next
#define LOOK_NS 10000000ull // between looks at what makes no interrupts
#define SOON_NS 1000000ull  // and while there is much: 16 bytes at 115200 baud
#define SOON 50
#define GIVE_UP_US 5000000  // a host that takes nothing for so long takes nothing any more

static struct {
	struct virtio_console virtio;
	struct console console;
	struct virtio_port *port, *err; // NULL: the UART; as port
	bool has_virtio;
	uint8_t soon; // looks at the UART that follow each other fast: it holds 16 bytes
} con;

static long port_read(int fd, void *buf, unsigned long n)
{
	long r = con.port	 ? virtio_port_read(con.port, buf, n)
		 : pc.info->uart ? uart_read(pc.info->uart, buf, n)
				 : 0;

	con.soon = r > 0 ? SOON : con.soon ? con.soon - 1 : 0;
	return r == -EAGAIN && pc_control_input_ended() ? 0 : r;
}

static long port_write(int fd, const void *buf, unsigned long n)
{
	struct virtio_port *p = fd == 2 ? con.err : con.port;
	long r = p ? virtio_port_write(p, buf, n) : -EIO;

	if (r != -EIO)
		return r;
	con.port = con.err = NULL; // the device is lost
	return pc.info->uart ? uart_write(pc.info->uart, buf, n) : (long)n;
}

static int port_writable(int fd)
{
	struct virtio_port *p = fd == 2 ? con.err : con.port;

	return p ? virtio_port_writable(p) : !pc.info->uart || uart_writable(pc.info->uart);
}

static const struct console_io io = { port_read, port_write, port_writable };

static bool all_open(void)
{
	for (unsigned i = 0; i < con.virtio.ports; i++)
		if (con.virtio.port[i].added && !con.virtio.port[i].open)
			return false;
	return true;
}

// What is written to a port that is not open is lost.
static void settle(void)
{
	uint64_t start = io_tsc(), most = pc_ticks(SETTLE_US);

	do {
		virtio_console_pump(&con.virtio);
		io_pause();
		if (!virtio_console_settled(&con.virtio))
			continue;
		if (all_open())
			return;
		if (most == pc_ticks(SETTLE_US))
			most = io_tsc() - start + pc_ticks(OPEN_US);
	} while (io_tsc() - start < most);
}

static void open_virtio(const struct pc_device *d)
{
	if (virtio_console_open(&con.virtio, d, &pc.dma)) {
		pc_say("the console", d->where, con.virtio.v.why);
		return;
	}
	con.has_virtio = true;
	settle();
	con.port = virtio_console_port(&con.virtio, PC_PORT_CONSOLE);
	if (!con.port && con.virtio.port[0].added)
		con.port = virtio_console_port(&con.virtio, NULL);
	con.err = virtio_console_port(&con.virtio, PC_PORT_STDERR);
	if (!con.err)
		con.err = con.port;
	pc_control_start(&con.virtio);
}

void pc_console_start(void)
{
	const struct pc_device *d = pc_find(PC_TYPE_CONSOLE, 0);
	const struct boot_block *b = pc.boot;

	con.console.out = (struct ring_end){ .ring = (struct ring *)b->con_out.va,
					     .size = b->con_out.size };
	con.console.in = (struct ring_end){ .ring = (struct ring *)b->con_in.va,
					    .size = b->con_in.size };
	con.console.errors = pc.area->stream_error;
	if (d && !(pc.info->flags & PC_F_UART_CONSOLE))
		open_virtio(d);
	pc_buttons_start();
}

bool pc_console_pump(void)
{
	uint32_t before = con.console.in.mine;
	bool came = false;

	if (con.has_virtio) {
		virtio_console_pump(&con.virtio);
		came = pc_control_pump();
	}
	if (!pc_control_there())
		pc_buttons_look();
	console_flush(&con.console, &io);
	if (pc.area->want_stdin)
		console_fill(&con.console, &io);
	return came || con.console.in.mine != before;
}

static bool wants_input(void)
{
	return pc.area->want_stdin && console_wants(&con.console);
}

bool pc_console_arm(void)
{
	bool ready = false;

	if (!con.has_virtio)
		return false;
	ready |= virtio_console_arm(&con.virtio);
	if (con.port)
		ready |= virtio_port_arm(con.port, wants_input(), con.console.blocked == 1);
	if (con.err && con.err != con.port)
		ready |= virtio_port_arm(con.err, false, con.console.blocked == 2);
	if (pc_control_port())
		ready |= virtio_port_arm(pc_control_port(), true, false);
	return ready;
}

void pc_console_disarm(void)
{
	if (con.port)
		virtio_port_disarm(con.port);
	if (con.err && con.err != con.port)
		virtio_port_disarm(con.err);
	if (pc_control_port())
		virtio_port_disarm(pc_control_port());
}

uint64_t pc_console_patience(void)
{
	if (!con.port && (con.console.blocked >= 0 || wants_input()))
		return con.console.blocked >= 0 || con.soon ? SOON_NS : LOOK_NS;
	return pc_control_there() ? UINT64_MAX : pc_buttons_patience();
}

static bool drained(void)
{
	return con.console.blocked < 0 &&
	       (con.port ? virtio_port_drained(con.port)
			 : !pc.info->uart || uart_sent(pc.info->uart)) &&
	       (!con.err || virtio_port_drained(con.err)) &&
	       (!pc_control_port() || virtio_port_drained(pc_control_port()));
}

void pc_console_drain(void)
{
	uint64_t last = io_tsc();
	uint32_t before;

	do {
		before = con.console.out.mine;
		if (con.has_virtio)
			virtio_console_pump(&con.virtio);
		console_flush(&con.console, &io);
		io_pause();
		if (con.console.out.mine != before)
			last = io_tsc();
	} while (!drained() && io_tsc() - last < pc_ticks(GIVE_UP_US));
}

void pc_console_say(const char *text)
{
	uint64_t until = io_tsc() + pc_ticks(GIVE_UP_US);
	unsigned long n = __builtin_strlen(text);

	while (n && io_tsc() < until) {
		long r = port_write(2, text, n);

		if (r > 0) {
			text += r;
			n -= (unsigned long)r;
		} else if (r != -EAGAIN) {
			return;
		}
	}
}

void pc_say(const char *what, const char *device, const char *why)
{
	pc_console_say("pith: ");
	pc_console_say(what);
	pc_console_say(" (");
	pc_console_say(device);
	pc_console_say(") ");
	pc_console_say(why ? why : "does not work");
	pc_console_say("\n");
}
