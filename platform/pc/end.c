// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The end of the machine, by all the ways that hypervisors know, one after the other.
#include <drivers/io.h>
#include <pith/pc_control.h>
#include <platform/nucleus_call.h>
#include <platform/pc/pc.h>

#define OFF_US 100000
#define STATUS_START 125 // as `pith run` gives it for what could not be started

// Some are a little later off than they were told.
static void give_time(void)
{
	uint64_t until = io_tsc() + pc_ticks(OFF_US);

	while (io_tsc() < until)
		pc_idle(OFF_US * 1000ull);
}

void pc_end(int status)
{
	const struct pc_info *i = pc.info;
	bool told = i->debug_exit || i->pm_control || i->sleep_port || i->sleep_va;

	if (&pc_volumes)
		pc_volumes.end();
	pc.area->exit_status = (uint32_t)status;
	pc_console_pump();
	pc_console_drain(); // who is told of the end does not look for more
	pc_control_send(PC_EXIT, (uint32_t)status);
	pc_console_drain();
	if (i->debug_exit)
		io_out32(i->debug_exit, (uint32_t)status);
	if (i->pm_control)
		io_out16(i->pm_control, i->pm_sleep);
	if (i->sleep_port)
		io_out8(i->sleep_port, i->sleep_value);
	if (i->sleep_va)
		mmio_write8(i->sleep_va, i->sleep_value);
	if (told)
		give_time();
	if (i->reset)
		io_out8(i->reset, i->reset_value);
	give_time();
	for (;;)
		pc_call(NCALL_RESET, 0, 0, 0, 0);
}

void pc_fail(const char *what, const char *device, const char *why)
{
	pc_say(what, device, why);
	pc_end(STATUS_START);
}
