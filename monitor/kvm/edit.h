// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Page-table edits by the monitor, for hosts that emulate the nucleus: there one exit costs less
// than thirty emulated instructions.
#ifndef MONITOR_KVM_EDIT_H
#define MONITOR_KVM_EDIT_H

#include <monitor/kvm/vm.h>

// As pt_map() and its sisters; when they return, the guest sees the change.
int edit_map(struct vm *vm, uint64_t va, uint64_t pa, uint64_t len, unsigned prot);
int edit_unmap(struct vm *vm, uint64_t va, uint64_t len);
int edit_protect(struct vm *vm, uint64_t va, uint64_t len, unsigned prot);

#endif
