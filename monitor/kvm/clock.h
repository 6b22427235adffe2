// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Keeps the guest's clock (struct boot_clock) with the host's while the guest runs. The guest reads
// the host's TSC (cpu.c).
#ifndef MONITOR_KVM_CLOCK_H
#define MONITOR_KVM_CLOCK_H

#include <stdint.h>

#include <pith/boot.h>

struct vm_clock {
	struct boot_clock now;    // ours; the guest gets copies
	struct boot_clock *guest;
	uint64_t khz;
	uint64_t host_start;      // CLOCK_MONOTONIC of the host when the instance's was 0
	uint64_t next;            // TSC at which it is looked at again
};

void vm_clock_start(struct vm_clock *c, struct boot_clock *guest, uint64_t khz);

// At exits: once a second the guest's clock is set right, without ever going back. Costs a look at
// the TSC otherwise.
void vm_clock_keep(struct vm_clock *c);

#endif
