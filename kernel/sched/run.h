// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The scheduler from inside.
#ifndef SCHED_RUN_H
#define SCHED_RUN_H

#include <sched/sched.h>

// Gives the vcpu to the next runnable thread. The caller has said by current()->state whether it
// goes on itself. Returns when the caller's turn comes again.
void schedule(void);

#endif
