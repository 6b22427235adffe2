// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Registers of devices: I/O ports, and memory that the start-up code has mapped uncached. Each
// function is one access of exactly that width, in an instruction that every hypervisor can decode
// (a plain mov), in the order of the program.
//
// Unit tests have a device of their own behind these names: tests/unit/virtio/io.h.
#ifndef DRIVERS_IO_H
#define DRIVERS_IO_H

#include <stdint.h>

static inline uint8_t io_in8(uint16_t port)
{
	uint8_t v;

	__asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}

static inline uint16_t io_in16(uint16_t port)
{
	uint16_t v;

	__asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}

static inline uint32_t io_in32(uint16_t port)
{
	uint32_t v;

	__asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}

static inline void io_out8(uint16_t port, uint8_t v)
{
	__asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port) : "memory");
}

static inline void io_out16(uint16_t port, uint16_t v)
{
	__asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(port) : "memory");
}

static inline void io_out32(uint16_t port, uint32_t v)
{
	__asm__ volatile("outl %0, %1" : : "a"(v), "Nd"(port) : "memory");
}

static inline uint8_t mmio_read8(uintptr_t at)
{
	uint8_t v;

	__asm__ volatile("movb (%1), %0" : "=q"(v) : "r"(at) : "memory");
	return v;
}

static inline uint16_t mmio_read16(uintptr_t at)
{
	uint16_t v;

	__asm__ volatile("movw (%1), %0" : "=r"(v) : "r"(at) : "memory");
	return v;
}

static inline uint32_t mmio_read32(uintptr_t at)
{
	uint32_t v;

	__asm__ volatile("movl (%1), %0" : "=r"(v) : "r"(at) : "memory");
	return v;
}

static inline void mmio_write8(uintptr_t at, uint8_t v)
{
	__asm__ volatile("movb %0, (%1)" : : "q"(v), "r"(at) : "memory");
}

static inline void mmio_write16(uintptr_t at, uint16_t v)
{
	__asm__ volatile("movw %0, (%1)" : : "r"(v), "r"(at) : "memory");
}

static inline void mmio_write32(uintptr_t at, uint32_t v)
{
	__asm__ volatile("movl %0, (%1)" : : "r"(v), "r"(at) : "memory");
}

// Between what was written for the device to see and what is then read of what it wrote.
static inline void io_mb(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void io_pause(void)
{
	__asm__ volatile("pause");
}

static inline uint64_t io_tsc(void)
{
	uint32_t lo, hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (uint64_t)hi << 32 | lo;
}

#endif
