// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Calls that are not there: see missing.c.
#ifndef LINUX_MISSING_H
#define LINUX_MISSING_H

#include <linux/syscall.h>

// The program made call nr at pc, and it is not there.
void missing_call(uint64_t nr, uintptr_t pc);
// The instance ends: says which were asked for.
void missing_report(void);

#endif
