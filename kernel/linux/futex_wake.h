// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the end of a thread needs of futexes; absent if the program cannot wait on one.
#ifndef LINUX_FUTEX_WAKE_H
#define LINUX_FUTEX_WAKE_H

#include <stdint.h>

struct thread;
__attribute__((weak)) int futex_wake_address(uint32_t *addr, int count);
__attribute__((weak)) void futex_robust_exit(struct thread *t);

#endif
