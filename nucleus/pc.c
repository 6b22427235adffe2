// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A crash of the nucleus on pc: nobody else can tell it. Last words on the UART, then off by the
// ways that the start-up code has found, and by a reset where none of them works.
#include <stdint.h>

#include "nucleus/layout.h"
#include <drivers/uart_say.h>

extern struct nucleus_data nucleus_data; // at a fixed distance from the code: nucleus.lds

#define CRASH_WORDS 5    // vector, then error (if it has one), rip, cs, rflags
#define CRASH_STATUS 126 // as `pith run` gives it

static void say(const char *s)
{
	while (*s)
		uart_put(nucleus_data.pc.uart, *s++);
}

static void say_hex(uint64_t v)
{
	say(" 0x");
	for (int shift = 60; shift >= 0; shift -= 4)
		uart_put(nucleus_data.pc.uart, "0123456789abcdef"[v >> shift & 15]);
}

void nucleus_pc_reset(void) __attribute__((noreturn));
void nucleus_pc_crash(const uint64_t *stack) __attribute__((noreturn));
void nucleus_pc_crash(const uint64_t *stack)
{
	const struct nucleus_pc *pc = &nucleus_data.pc;

	if (pc->uart) {
		say("pith: the nucleus faulted: vector, stack:");
		for (int i = 0; i < CRASH_WORDS; i++)
			say_hex(stack[i]);
		say("\r\n");
	}
	if (pc->debug_exit)
		io_out32(pc->debug_exit, CRASH_STATUS);
	if (pc->pm_control)
		io_out16(pc->pm_control, pc->pm_sleep);
	nucleus_pc_reset();
}
