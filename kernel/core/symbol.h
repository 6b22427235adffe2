// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names for addresses: of the library OS from the image's symbols, of the program from its own
// .symtab.
#ifndef CORE_SYMBOL_H
#define CORE_SYMBOL_H

#include <pith/boot.h>
#include <core/klib.h>

void symbol_init(const struct boot_block *boot);
// Writes "name+0x12" (the library OS's: "pith:name+0x12"). false: nothing is known about the
// address.
bool symbol_find(uintptr_t pc, char *buf, size_t size);

#endif
