// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A PC for the tests of platform/pc/start: memory at its true addresses, of which only what
// start_reach() was asked for, and BIOS's part, may be touched (else it is a finding of ASan); I/O
// ports that read as ones but for those that were given something; and an end that comes back.
#ifndef TEST_PC_MACHINE_H
#define TEST_PC_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <platform/pc/start/start.h>

#define MACHINE_LOW 0x80000ul // below it there is no memory
#define MACHINE_BIOS 0x100000ul // up to here everything is mapped
#define MACHINE_TOP 0x2000000ul
#define MACHINE_DEVICES 0xc0000000ul

extern struct start machine;       // made anew by machine_reset()
extern struct stage1_boot machine_boot;
extern uint16_t machine_ebda;      // what BIOS says, a segment
extern const char *machine_failed; // why start_fail() was called; NULL: it was not

void machine_reset(void);
// Bytes of memory, whatever was reached.
void machine_put(uint64_t pa, const void *bytes, size_t len);
// What a PC's memory holds, as tests/fuzz/seeds/fuzz_pc_tables has it (integers are little-endian):
//   u8 0 PVH, 1 Multiboot2; u16 machine_ebda; u32 address of what the boot loader tells;
//   then pieces: u32 address, u16 length, bytes
// Wherever it goes wrong, that is its end.
void machine_load(const uint8_t *bytes, size_t len);
// f(&machine), until it returns or ends the machine: then false.
bool machine_run(void (*f)(struct start *s));

// Devices: in() gives what is read, if it knows the port or the address; out() is told what is
// written. Width in bytes.
extern bool (*machine_in)(bool port, uint64_t at, unsigned width, uint32_t *v);
extern void (*machine_out)(bool port, uint64_t at, unsigned width, uint32_t v);
extern uint64_t machine_tsc; // goes on with each look
extern uint64_t machine_apic_base; // the one MSR that there is

#endif
