// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The vcpu's features and registers.
#ifndef MONITOR_KVM_CPU_H
#define MONITOR_KVM_CPU_H

#include <monitor/kvm/vm.h>

// What the guest sees of the processor (CPUID), which vector state it may use (XCR0), and a TSC
// that is the host's.
int cpu_features(struct vm *vm, struct failure *why);

// Control, segment and model-specific registers, and the general ones of the first instruction.
int cpu_registers(struct vm *vm, const struct loaded *loaded, struct failure *why);

#endif
