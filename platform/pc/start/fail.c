// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The end of the machine where the start-up code cannot go on.
#include <drivers/uart_say.h>
#include <platform/pc/start/privileged.h>
#include <platform/pc/start/start.h>

#define OFF_LOOKS 100000
#define STATUS 125 // as `pith run` gives it for what could not be started

static void say(uint16_t uart, const char *text)
{
	for (; uart && *text; text++)
		uart_put(uart, *text);
}

// Some are a little later off than they were told.
static void give_time(void)
{
	for (int i = 0; i < OFF_LOOKS; i++)
		io_in8(0x61); // a device's register: a microsecond or so
}

void start_fail(struct start *s, const char *what, const char *arg)
{
	uint16_t uart = s->pc.uart;

	say(uart, "pith: ");
	say(uart, what);
	say(uart, arg);
	say(uart, "\r\n");
	if (s->pc.debug_exit)
		io_out32(s->pc.debug_exit, STATUS);
	if (s->pc.pm_control)
		io_out16(s->pc.pm_control, s->pc.pm_sleep);
	if (s->pc.sleep_port)
		io_out8(s->pc.sleep_port, s->pc.sleep_value);
	if (s->pc.sleep_va) // still an address of memory
		mmio_write8(s->pc.sleep_va, s->pc.sleep_value);
	give_time();
	if (s->pc.reset)
		io_out8(s->pc.reset, s->pc.reset_value);
	give_time();
	shut_down();
}
