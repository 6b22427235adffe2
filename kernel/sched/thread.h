// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Making and freeing threads.
#ifndef SCHED_THREAD_H
#define SCHED_THREAD_H

#include <sched/sched.h>

#define KSTACK_LEN 16384ul
#define SLICE_NS (NSEC / 100)
#define TURN_FACTOR 4 // of the time at most a fifth goes into changes between forks
#define WAKE_PREEMPT_NS (NSEC / 1000)

void thread_free(struct thread *t);
void thread_unlink(struct thread *t); // from its process
int tid_next(void);

// linux/child.c, where there are processes: a thread of p has ended; it may have been the last.
__attribute__((weak)) void process_thread_ended(struct process *p);

#endif
