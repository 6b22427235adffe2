// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Runs a placed virtual machine until it ends. Everything that is not the processor's or memory's
// is behind struct vm_devices.
#ifndef MONITOR_KVM_RUN_H
#define MONITOR_KVM_RUN_H

#include <monitor/kvm/vm.h>

enum vm_count { VM_WAIT, VM_MAP, VM_RELEASE, VM_TICK, VM_VOLUME, VM_OTHER, VM_COUNTS };

struct vm_devices {
	void *arg;
	// Sends and receives what there is, without blocking. Gives nonzero if something is new for
	// the guest.
	int (*pump)(void *arg);
	// Sleeps until a device has something or for at most ns (UINT64_MAX: no limit). Gives
	// -EINTR when a signal handler ran.
	int (*sleep)(void *arg, uint64_t ns);
	// At every tick: looks at what pump() does not, without blocking.
	void (*look)(void *arg);
	// Serves the request of a volume (include/pith/volume.h). NULL: there are none.
	void (*volume)(void *arg);
	// Must the guest end now, and with which status? 0: go on.
	int (*killed)(void *arg);
};

struct vm_run {
	struct vm *vm;
	struct vcpu_area *area;
	const struct vm_devices *dev;
	uint64_t count[VM_COUNTS]; // crossings by kind
	bool alone;                // there is one processor: who answers needs it
	uint64_t last_wait_ns;     // how long the guest waited the last time that it had to
};

// Gives 0 with *status; -EFAULT with *why when the guest crashed; another negative errno with *why
// when the host failed.
int vm_run(struct vm_run *r, int *status, struct failure *why);

#endif
