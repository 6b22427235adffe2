// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names from the program's own symbol table.
#ifndef CORE_SYMBOL_ELF_H
#define CORE_SYMBOL_ELF_H

#include <core/klib.h>

bool symbol_elf_find(uintptr_t pc, char *buf, size_t size);

#endif
