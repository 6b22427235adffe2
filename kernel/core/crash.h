// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Reports of faults. core/crash.c prints without allocating.
#ifndef CORE_CRASH_H
#define CORE_CRASH_H

#include <core/trap.h>

void crash_init(const struct boot_block *boot);
// The program's fault that nobody handles: what, where, registers, backtrace, stack.
void crash_report(const struct trap_frame *f, const char *what);
// The library OS's own fault; ends the instance with 126.
void crash_kernel(const struct trap_frame *f) __attribute__((noreturn));
// Return addresses along the frame pointers from rbp on.
void crash_backtrace(uintptr_t rbp);
// What lies on the program's stack and may be a return address; linked on demand (crash_scan.c).
void crash_scan_stack(uintptr_t rsp) __attribute__((weak));
void crash_print_address(const char *label, uintptr_t pc);

#endif
