// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the end of a thread needs of futexes; absent if the program cannot wait on one.
#ifndef LINUX_FUTEX_WAKE_H
#define LINUX_FUTEX_WAKE_H

#include <stdbool.h>
#include <stdint.h>

struct thread;
__attribute__((weak)) int futex_wake_address(uint32_t *addr, int count);
// The owner of a PI mutex ends: its first waiter, if there is one, becomes the owner and learns of
// it.
__attribute__((weak)) bool futex_pi_inherit(uint32_t *addr);
__attribute__((weak)) void futex_robust_exit(struct thread *t);

#endif
