// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Call sites: `syscall` instructions that trap become jumps. See patch.c.
#ifndef LINUX_PATCH_H
#define LINUX_PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A call came from `syscall` in front of rip: patches what stands before it, if it can. Each site is tried once or a few times.
void patch_site(uintptr_t rip, uint32_t nr);

// The parts that need no machine, for the unit test.
#define PATCH_LEN 5
#define STUB_LEN 20
// Are these seven bytes `mov $nr, %eax; syscall`?
bool patch_match(const uint8_t code[7], uint32_t nr);
// `jmp rel32` from `from` to `to`; false if it is too far.
bool patch_jump(uint8_t code[PATCH_LEN], uintptr_t from, uintptr_t to);
// mov $nr, %eax; lea back(%rip), %rcx; jmp *slot(%rip). false if too far.
bool patch_stub(uint8_t code[STUB_LEN], uintptr_t at, uint32_t nr, uintptr_t back, uintptr_t slot);

#endif
