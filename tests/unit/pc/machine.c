// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <stdio.h>
#include <stdlib.h>
#include <sanitizer/asan_interface.h>
#include <sys/mman.h>

#include <drivers/io.h>
#include <nucleus/cpu.h>
#include <platform/pc/start/privileged.h>
#include <tests/unit/pc/machine.h>

#define BIOS_EBDA 0x40e
#define REACHED_MAX 4096

struct start machine;
struct stage1_boot machine_boot;
uint16_t machine_ebda;
const char *machine_failed;
bool (*machine_in)(bool port, uint64_t at, unsigned width, uint32_t *v);
void (*machine_out)(bool port, uint64_t at, unsigned width, uint32_t v);
uint64_t machine_tsc, machine_apic_base;

static jmp_buf ended;
static struct range reached[REACHED_MAX], filled[REACHED_MAX];
static unsigned reached_count, filled_count;

// Nobody may touch it, but for BIOS's part.
static void hide(struct range r)
{
	if (r.start < MACHINE_BIOS)
		r.start = MACHINE_BIOS;
	if (r.start < r.end)
		__asan_poison_memory_region((void *)r.start, r.end - r.start);
}

static void make_memory(void)
{
	void *at = mmap((void *)MACHINE_LOW, MACHINE_TOP - MACHINE_LOW, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (at != (void *)MACHINE_LOW) {
		perror("memory at low addresses");
		exit(1);
	}
	hide((struct range){ MACHINE_LOW, MACHINE_TOP });
}

void machine_reset(void)
{
	static bool made;

	if (!made)
		make_memory();
	made = true;
	while (reached_count)
		hide(reached[--reached_count]);
	while (filled_count) {
		struct range *f = &filled[--filled_count];

		__asan_unpoison_memory_region((void *)f->start, f->end - f->start);
		memset((void *)f->start, 0, f->end - f->start);
		hide(*f);
	}
	memset((void *)MACHINE_LOW, 0, MACHINE_BIOS - MACHINE_LOW);
	memset(&machine, 0, sizeof(machine));
	memset(&machine_boot, 0, sizeof(machine_boot));
	machine.boot = &machine_boot;
	machine.top = MACHINE_TOP;
	machine.has_1g = true;
	machine_ebda = 0;
	machine_failed = NULL;
	machine_in = NULL;
	machine_out = NULL;
}

void machine_put(uint64_t pa, const void *bytes, size_t len)
{
	if (filled_count == REACHED_MAX)
		return;
	filled[filled_count++] = (struct range){ pa, pa + len };
	__asan_unpoison_memory_region((void *)pa, len);
	memcpy((void *)pa, bytes, len);
	hide((struct range){ pa, pa + len });
}

static uint32_t take(const uint8_t **at, const uint8_t *end, size_t n)
{
	uint32_t v = 0;

	if ((size_t)(end - *at) < n)
		n = (size_t)(end - *at);
	memcpy(&v, *at, n);
	*at += n;
	return v;
}

void machine_load(const uint8_t *bytes, size_t len)
{
	const uint8_t *end = bytes + len;

	machine_boot.magic = take(&bytes, end, 1) & 1 ? MB2_LOADER_MAGIC : 0;
	machine_ebda = (uint16_t)take(&bytes, end, 2);
	machine_boot.info = take(&bytes, end, 4);
	while (bytes < end) {
		uint64_t pa = take(&bytes, end, 4);
		size_t n = take(&bytes, end, 2);

		if (n > (size_t)(end - bytes))
			n = (size_t)(end - bytes);
		if (pa < MACHINE_LOW || pa > MACHINE_TOP - n)
			return;
		machine_put(pa, bytes, n);
		bytes += n;
	}
}

bool machine_run(void (*f)(struct start *s))
{
	if (setjmp(ended))
		return false;
	f(&machine);
	return true;
}

// Stand for fail.c and memory.c. Each test is linked with what it tests; these are weak.
__attribute__((weak)) void start_fail(struct start *s, const char *what, const char *arg)
{
	static char text[200];

	snprintf(text, sizeof(text), "%s%s", what, arg);
	machine_failed = text;
	longjmp(ended, 1);
}

__attribute__((weak)) void start_reach(struct start *s, uint64_t pa, uint64_t len)
{
	if (pa >= MACHINE_DEVICES && pa < 4 * GIB && len < 8) // a register
		return;
	if (len > MACHINE_TOP || pa > MACHINE_TOP - len || pa < MACHINE_LOW)
		start_fail(s, "no such address", "");
	if (pa + len <= MACHINE_BIOS)
		return;
	if (reached_count == REACHED_MAX)
		start_fail(s, "more than the test keeps", "");
	reached[reached_count++] = (struct range){ pa, pa + len };
	__asan_unpoison_memory_region((void *)pa, len);
}

static uint32_t in(bool port, uint64_t at, unsigned width)
{
	uint32_t v = 0xffffffff;

	if (machine_in && machine_in(port, at, width, &v))
		return v;
	if (!port && at == BIOS_EBDA)
		return machine_ebda;
	if (!port)
		memcpy(&v, (void *)at, width);
	return v;
}

static void out(bool port, uint64_t at, unsigned width, uint32_t v)
{
	if (machine_out)
		machine_out(port, at, width, v);
}

uint8_t io_in8(uint16_t port) { return (uint8_t)in(true, port, 1); }
uint16_t io_in16(uint16_t port) { return (uint16_t)in(true, port, 2); }
uint32_t io_in32(uint16_t port) { return in(true, port, 4); }
void io_out8(uint16_t port, uint8_t v) { out(true, port, 1, v); }
void io_out16(uint16_t port, uint16_t v) { out(true, port, 2, v); }
void io_out32(uint16_t port, uint32_t v) { out(true, port, 4, v); }
uint8_t mmio_read8(uintptr_t at) { return (uint8_t)in(false, at, 1); }
uint16_t mmio_read16(uintptr_t at) { return (uint16_t)in(false, at, 2); }
uint32_t mmio_read32(uintptr_t at) { return in(false, at, 4); }
void mmio_write8(uintptr_t at, uint8_t v) { out(false, at, 1, v); }
void mmio_write16(uintptr_t at, uint16_t v) { out(false, at, 2, v); }
void mmio_write32(uintptr_t at, uint32_t v) { out(false, at, 4, v); }
void io_pause(void) { }
void io_mb(void) { }
uint64_t io_tsc(void) { return machine_tsc += 100; }

uint64_t msr_read(uint32_t msr)
{
	return msr == MSR_APIC_BASE ? machine_apic_base : 0;
}

void msr_write(uint32_t msr, uint64_t v)
{
	if (msr == MSR_APIC_BASE)
		machine_apic_base = v;
}
