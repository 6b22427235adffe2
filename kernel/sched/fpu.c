// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// XSAVE and XRSTOR. Intel SDM vol. 1, chapter 13.
#include <core/klib.h>
#include <sched/fpu.h>

#define LEGACY_SIZE 512
#define HEADER_SIZE 64
#define MXCSR_OFFSET 24
#define RESET_SIZE 2752        // up to and with PKRU
#define AMX_BITS (3u << 17)    // XCR0: tile configuration, tile data
#define MXCSR_DEFAULT 0x1f80
#define CPUID_XSAVE 0xd
#define XSAVEOPT_BIT 0x1 /* CPUID 0xd, subleaf 1, EAX */

static struct {
	size_t size;
	bool xsaveopt;
} fpu;

static void cpuid(uint32_t leaf, uint32_t sub, uint32_t *a, uint32_t *b)
{
	uint32_t c = sub, d;

	__asm__ volatile("cpuid" : "=a"(*a), "=b"(*b), "+c"(c), "=d"(d) : "0"(leaf));
}

static void detect(void)
{
	uint32_t a, b;

	cpuid(CPUID_XSAVE, 1, &a, &b);
	fpu.xsaveopt = a & XSAVEOPT_BIT;
	cpuid(CPUID_XSAVE, 0, &a, &b);
	fpu.size = MAX(b, (uint32_t)(LEGACY_SIZE + HEADER_SIZE));
}

size_t fpu_size(void)
{
	if (!fpu.size)
		detect();
	return fpu.size;
}

uint64_t fpu_features(void)
{
	uint32_t lo, hi;

	__asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	return (uint64_t)hi << 32 | lo;
}

void fpu_area_init(void *area)
{
	memset(area, 0, LEGACY_SIZE + HEADER_SIZE);
	*(uint32_t *)((char *)area + MXCSR_OFFSET) = MXCSR_DEFAULT;
}

void fpu_save(void *area)
{
	if (fpu.xsaveopt)
		__asm__ volatile("xsaveopt64 (%0)" : : "r"(area), "a"(-1), "d"(-1) : "memory");
	else
		__asm__ volatile("xsave64 (%0)" : : "r"(area), "a"(-1), "d"(-1) : "memory");
}

void fpu_restore(const void *area)
{
	__asm__ volatile("xrstor64 (%0)" : : "r"(area), "a"(-1), "d"(-1) : "memory");
}

// A header that says that no component is present puts each into its initial state. Processors may
// still read the whole area, so it is as large as all components but AMX's tiles, which are left
// alone: nobody has them yet.
void fpu_reset(void)
{
	_Alignas(FPU_ALIGN) uint8_t area[RESET_SIZE];

	fpu_area_init(area);
	__asm__ volatile("xrstor64 (%0)" : : "r"(area), "a"(~AMX_BITS), "d"(-1) : "memory");
}
