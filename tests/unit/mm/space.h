// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What tests of the address space do again and again (env.h is the world below it).
#ifndef MM_SPACE_TEST_H
#define MM_SPACE_TEST_H

#include <asm-generic/siginfo.h>
#include <linux/mman.h>

#include "mm/env.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define FIXED (ANON | MAP_FIXED)
#define RW (PROT_R | PROT_W)
#define BASE 0x10000000ul
#define PAGE PAGE_SIZE

static inline int begin(void **state)
{
	env_begin(32 * MIB, 0);
	return 0;
}

static inline int end(void **state)
{
	env_check();
	env_end();
	return 0;
}

static inline void map(uintptr_t at, size_t pages, unsigned prot)
{
	assert_int_equal(mm_map(env_mm, at, pages * PAGE, prot, FIXED, NULL, 0), at);
}

static inline uint32_t get(uintptr_t va)
{
	uint32_t v = 0xdead;

	assert_int_equal(env_read(va, &v), 0);
	return v;
}

static inline void put(uintptr_t va, uint32_t v) { assert_int_equal(env_write(va, v), 0); }

static inline int code_of(uintptr_t va, uint64_t error)
{
	int code = 0;

	assert_int_equal(mm_fault(env_mm, va, error, 0, &code), -EFAULT);
	return code;
}

#endif
