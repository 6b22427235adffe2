// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Calls to the nucleus, for the platforms that have one: include/pith/nucleus.h.
#ifndef PLATFORM_NUCLEUS_CALL_H
#define PLATFORM_NUCLEUS_CALL_H

#include <stdint.h>

#include <pith/nucleus.h>

static inline long nucleus_call(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	register uint64_t r10 __asm__("r10") = d;

	__asm__ volatile("int %[vector]"
			 : "+a"(nr), "+D"(a), "+S"(b), "+d"(c), "+r"(r10)
			 : [vector] "N"(NUCLEUS_CALL_VECTOR)
			 : "rcx", "r8", "r9", "r11", "cc", "memory");
	return (long)nr;
}

// The same where `int` cannot be had (NUCLEUS_CALL_MAGIC).
static inline long nucleus_call_slow(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	register uint64_t r10 __asm__("r10") = d;
	register uint64_t r11 __asm__("r11") = NUCLEUS_CALL_MAGIC;

	__asm__ volatile("ud2"
			 : "+a"(nr), "+D"(a), "+S"(b), "+d"(c), "+r"(r10), "+r"(r11)
			 :
			 : "rcx", "r8", "r9", "cc", "memory");
	return (long)nr;
}

#endif
