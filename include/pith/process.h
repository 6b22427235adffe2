// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between the two halves of the process platform: monitor/process (the parent, and the child until
// it enters the image) and platform/process (inside the image).
//
// The gate: the library OS has exactly two `syscall` instructions that the host serves, and they
// are in platform/process/gate.S, which begins with struct process_gate. The host half finds it in
// the image by its magic, so that handlers and filter are in place before the first instruction of
// the image runs. Calls to the host from anywhere else are the program's: SIGSYS.
#ifndef PITH_PROCESS_H
#define PITH_PROCESS_H

#include <stdint.h>

#define PROCESS_GATE_MAGIC "pith-host-gate1" /* 16 bytes with its NUL */
#define PROCESS_GATE_ALIGN 16

// Offsets are from the gate itself.
struct process_gate {
	char magic[16];
	uint32_t len;            // of the gate
	uint32_t handler;        // of signals
	uint32_t restorer;       // where the handler returns to: calls rt_sigreturn
	uint32_t call_end;       // behind the `syscall` for everything else
	uint32_t sigreturn_end;  // behind the `syscall` of the restorer
	uint32_t pad[3];
};
_Static_assert(sizeof(struct process_gate) == 48, "gate.S knows this");

// File descriptors of the child, beside the standard three.
#define PROCESS_FD_RAM 3
#define PROCESS_FD_IMAGE 4
#define PROCESS_FD_KICK 5   // eventfd: the child sleeps on it
#define PROCESS_FD_PARENT 6 // eventfd: the parent does
#define PROCESS_FD_TAP 7
#define PROCESS_FDS 8

#define PROCESS_TICK_SIGNAL 14 /* SIGALRM */
#define PROCESS_TICK_NS 10000000 /* 100 Hz */

enum process_count {
	PROCESS_WAITS,
	PROCESS_MAPS,
	PROCESS_RELEASES,
	PROCESS_TICKS,
	PROCESS_TRAPS,
	PROCESS_VOLUMES,
	PROCESS_COUNTS
};

// One page, shared by parent and child.
struct process_page {
	uint32_t entered; // the child has left the host half; before, `failure` may say why not
	uint32_t child_sleeps;   // the other side writes the eventfd only then
	uint32_t parent_sleeps;
	uint32_t volume; // 1: the child waits for the answer in struct volume_request
	uint64_t counts[PROCESS_COUNTS];
	int32_t failure_errno;
	char failure[1024];
};

// The platform's own part of the address space: alternate signal stack, then the page.
#define PROCESS_ALTSTACK (32ul << 10)
#define PROCESS_OWN_LEN (PROCESS_ALTSTACK + 4096)

// boot_block.platform_data
enum {
	PROCESS_DATA_PAGE,
	PROCESS_DATA_LOW,
	PROCESS_DATA_HIGH,
	PROCESS_DATA_TIMER,
	PROCESS_DATA_TAP,
	PROCESS_DATA_VDSO
};

#endif
