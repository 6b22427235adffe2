// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Nothing to run.
#ifndef SCHED_IDLE_H
#define SCHED_IDLE_H

#include <stdint.h>

uint64_t poll_deadline(void); // when a timer or poller next needs the vcpu
void idle_wait(void);         // sleeps on the host until then, or until something comes

#endif
