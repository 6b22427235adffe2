// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// System call dispatch: what others need of it.
#ifndef LINUX_DISPATCH_H
#define LINUX_DISPATCH_H

#include <core/trap.h>

void dispatch_init(const struct boot_block *boot);
void syscall_dispatch_trapped(struct trap_frame *f); // entry.S: for calls that came as a trap

// Optional parts of dispatch, linked by whoever has them on; see trace.c, patch.c.
void trace_call(const struct trap_frame *f);
void trace_result(const struct trap_frame *f, long result);

// The name of a call, "?" if it has none (linux/names.c).
const char *syscall_name(unsigned nr);

#endif
