// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Faults of the program.
#ifndef LINUX_FAULT_H
#define LINUX_FAULT_H

#include <core/trap.h>

void fault_page(struct trap_frame *f);   // fills the page, or SIGSEGV, SIGBUS
void fault_signal(struct trap_frame *f); // all other vectors

#endif
