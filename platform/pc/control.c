// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The control port: what our monitor would write into struct vcpu_area and read there
// (include/pith/pc_control.h).
#include <drivers/io.h>
#include <drivers/virtio/console.h>
#include <pith/pc_control.h>
#include <platform/pc/pc.h>

#define SEND_US 100000 // a host that takes nothing for so long is not there
#define SIGNALS 64

static struct {
	struct virtio_port *port;
	struct pc_message in;
	unsigned have; // bytes of it
	bool input_ended;
} control;

void pc_control_start(struct virtio_console *c)
{
	control.port = virtio_console_port(c, PC_PORT_CONTROL);
}

struct virtio_port *pc_control_port(void) { return control.port; }
bool pc_control_there(void) { return control.port; }
bool pc_control_input_ended(void) { return control.input_ended; }

static void send(const void *bytes, unsigned long n)
{
	uint64_t until = io_tsc() + pc_ticks(SEND_US);
	const char *p = bytes;

	while (n && control.port && io_tsc() < until) {
		long r = virtio_port_write(control.port, p, n);

		if (r > 0) {
			p += r;
			n -= (unsigned long)r;
		}
	}
}

void pc_control_send(uint32_t kind, uint32_t value)
{
	struct pc_message m = { kind, value };

	send(&m, sizeof(m));
}

// True: it is something for the library OS.
static bool take(const struct pc_message *m)
{
	switch (m->kind) {
	case PC_SIGNAL:
		if (m->value < 1 || m->value >= SIGNALS)
			return false;
		__atomic_fetch_or(&pc.area->host_signals, 1ull << m->value, __ATOMIC_RELAXED);
		__atomic_fetch_or(&pc.area->events, EVENT_SIGNALS, __ATOMIC_RELEASE);
		return true;
	case PC_WINDOW:
		pc.area->tty_rows = m->value >> 16;
		pc.area->tty_cols = m->value & 0xffff;
		return false;
	case PC_ASK:
		pc_control_send(PC_AREA, sizeof(*pc.area));
		send(pc.area, sizeof(*pc.area));
		return false;
	case PC_STREAM:
		if (m->value >> 16 == 1 || m->value >> 16 == 2)
			pc.area->stream_error[m->value >> 16] = m->value & 0xffff;
		return true;
	case PC_INPUT_END:
		control.input_ended = true;
		return true;
	}
	return false;
}

bool pc_control_pump(void)
{
	bool came = false;
	long n;

	while (control.port) {
		n = virtio_port_read(control.port, (char *)&control.in + control.have,
				     sizeof(control.in) - control.have);
		if (n <= 0)
			break;
		control.have += (unsigned)n;
		if (control.have == sizeof(control.in)) {
			control.have = 0;
			came |= take(&control.in);
		}
	}
	return came;
}
