// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What stands for memory, threads and the program's memory when kernel/fs is tested on the host.
#ifndef FAKES_H
#define FAKES_H

#include <stddef.h>
#include <stdint.h>

// Puts a process and a current thread in place, through GS as in the guest.
void fakes_begin(void);
// What is still allocated: both must be as before when a test has put back everything.
extern long fake_allocations, fake_frames;
// After this many more allocations (of either kind) each one fails; -1: none does.
extern long fake_fail_after;
// Frames that frame_available() says are left.
extern uint64_t fake_available;
// Called by wait_sleep, which gives what it gives. NULL: a wait is a failure of the test.
extern int (*fake_sleep)(void);
extern unsigned fake_signal; // the last one sent
#define BAD_POINTER ((void *)16) /* the program's memory begins above */

#endif
