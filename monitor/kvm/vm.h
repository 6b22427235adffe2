// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// One virtual machine with one vcpu on /dev/kvm. It starts at CPL 3 in long mode with page tables
// that we built: no privileged instruction runs before the first system call. In order: vm_create,
// vm_place, cpu_registers; then KVM_RUN (run.c).
#ifndef MONITOR_KVM_VM_H
#define MONITOR_KVM_VM_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <loader/nucleus.h>
#include <monitor/gpa.h>
#include <monitor/load.h>

struct vm {
	int kvm, fd, vcpu;
	struct kvm_run *run;
	size_t run_len;
	uint64_t tsc_khz;
	uint64_t cr4;
	bool has_1g;             // pages of 1 GiB
	bool slow_cpl0;          // no hardware virtualization below: CPL 0 is emulated
	struct gpa_space ram;    // all of memory, the nucleus's part too
	struct gpa_space usable; // what the library OS may use
	struct gpa_space image;  // read-only
	struct pt pt;            // the monitor's copy of the editor's limits
	uint64_t nucleus_va;
	uint64_t text_va, text_len; // of the library OS: ticks are not injected there
};

// Host memory for a guest: taken page by page as it is used. Gives NULL if there is no address
// space.
uint8_t *vm_memory(uint64_t memory);

// Does the host run CPL 0 code in hardware?
bool vm_host_is_slow(void);

int vm_create(struct vm *vm, struct failure *why);

struct vm_place {
	uint8_t *ram;
	uint64_t memory;
	const uint8_t *image;   // mapped read-only
	uint64_t image_len;
	const uint8_t *nucleus; // nucleus.bin
	uint64_t nucleus_len;
	const struct loaded *loaded;
	uint32_t pt_flags;      // PT_F_WX
};
int vm_place(struct vm *vm, const struct vm_place *place, struct failure *why);

void vm_destroy(struct vm *vm);

#endif
