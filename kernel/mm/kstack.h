// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where kernel stacks may be put; called once by mm_create.
#ifndef MM_KSTACK_H
#define MM_KSTACK_H

#include <pith/boot.h>

void kstack_init(const struct boot_block *boot);

#endif
