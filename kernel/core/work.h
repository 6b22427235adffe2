// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What is to be done before the program goes on.
#ifndef CORE_WORK_H
#define CORE_WORK_H

#include <core/trap.h>

// Called by entry.S when percpu.need_resched or area->events say so, and after every trap: host
// events, due output, preemption, signals, the end of the thread. f is what the program goes on
// with; signals change it.
void return_work(struct trap_frame *f);
void work_tick(void);

// After a sleep of the whole instance: takes signals that the host sent meanwhile.
void work_idle(void);

#endif
