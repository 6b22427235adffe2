// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the start-up code does at CPL 0: it is at CPL 3 otherwise (include/pith/stage1.h). Some KVM hosts emulate every
// instruction at CPL 0, which takes a thousand times as long.
#ifndef PC_START_PRIVILEGED_H
#define PC_START_PRIVILEGED_H

#include <stdint.h>

#include <pith/stage1.h>

// f(a, b) at CPL 0.
static inline uint64_t privileged(uint64_t (*f)(uint64_t, uint64_t), uint64_t a, uint64_t b)
{
	uint64_t result = STAGE1_CALL;

	__asm__ volatile("ud2"
			 : "+a"(result), "+D"(f), "+S"(a), "+d"(b)
			 :
			 : "rcx", "r8", "r9", "r10", "r11", "cc", "memory");
	return result;
}

uint64_t msr_read(uint32_t msr);
void msr_write(uint32_t msr, uint64_t v);

#endif
