// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#ifndef IMAGE_KERNEL_ELF_H
#define IMAGE_KERNEL_ELF_H

#include <stdbool.h>

#include <image/kernel.h>

// Reads what ld made: segments, entries, relocations, and if asked for the symbols. 0 or a negative
// errno with *why.
int kernel_elf_read(struct kernel *k, const char *path, bool symbols, struct failure *why);

#endif
