// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Inside of the process platform: the gate to the host and what its files share.
#ifndef PROCESS_GATE_H
#define PROCESS_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include <asm/unistd.h>

#include <pith/boot.h>
#include <pith/process.h>

// A system call of the host: result or negative errno. What the filter does not allow ends the
// instance.
long host_call(long nr, long a, long b, long c, long d, long e, long f);

struct process_platform {
	const struct boot_block *boot;
	struct vcpu_area *area;
	struct process_page *page;
	uintptr_t text, text_end; // of the library OS, whole pages
	long timer;
	bool tap;
	bool ticking;             // the timer is armed
};
extern struct process_platform pp;

// Arms or disarms the tick. (platform/process/signal.c)
void tick_set(bool on);

// The clock of struct boot_clock. (platform/process/clock.c)
uint64_t clock_now(void);
void clock_refine(void); // at most once a second; cheap otherwise

// Sends, receives and sleeps. (platform/process/wait.c)
void wait_start(void);
void process_wait(void);
void process_volume(void);
void process_end(int status) __attribute__((noreturn));

#endif
