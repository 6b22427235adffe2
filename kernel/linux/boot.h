// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What kernel_start needs of the program's side.
#ifndef LINUX_BOOT_H
#define LINUX_BOOT_H

#include <linux/process.h>

// Makes the one process with its address space and first thread, which becomes current. Panics if
// RAM is too small even for that.
struct process *process_init(const struct boot_block *boot);

#endif
