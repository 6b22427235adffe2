// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The nucleus's one page of data. The monitor fills it before the guest runs; afterwards only the
// nucleus writes it, and CPL 3 can not reach it. Offsets are known to entry.S.
#ifndef NUCLEUS_LAYOUT_H
#define NUCLEUS_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "nucleus/pagetable.h"
#include <pith/nucleus.h>

// Selectors as Linux has them (arch/x86/include/asm/segment.h).
#define SEL_KERNEL_CS 0x10
#define SEL_KERNEL_SS 0x18
#define SEL_USER_SS 0x2b
#define SEL_USER_CS 0x33
#define SEL_TSS 0x40
#define GDT_WORDS 10

struct gate { // Intel SDM vol. 3, 6.14.1
	uint16_t offset_low;
	uint16_t selector;
	uint8_t ist;
	uint8_t type;
	uint16_t offset_mid;
	uint32_t offset_high;
	uint32_t reserved;
};
_Static_assert(sizeof(struct gate) == 16, "a hardware structure");

struct table_register {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

struct tss { // Intel SDM vol. 3, 7.7
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map;
	uint8_t io_permit[HOST_PORT / 8 + 2]; // a clear bit permits the port; the last byte must be
					      // 0xff
} __attribute__((packed));
_Static_assert(offsetof(struct tss, io_permit) == 104, "a hardware structure");

struct iret_frame {
	uint64_t rip, cs, rflags, rsp, ss;
};

// What the nucleus itself does with hardware, on pc; apic 0 elsewhere.
struct nucleus_pc {
	uint64_t apic;          // 0: virtual address of the local APIC
	uint64_t text, text_len; // 8, 16: of the library OS, which ticks do not interrupt
	uint32_t tick_count;    // 24: of the APIC's timer for one tick
	uint32_t kick;          // 28: a device interrupt came
	uint16_t uart;          // for last words; 0: none
	uint16_t debug_exit, pm_control, pm_sleep; // ways to end (include/pith/pc.h)
};

struct nucleus_data {
	struct iret_frame syscall; // 0: into the library OS's syscall_entry; only rsp changes
	struct iret_frame trap;    // 40: the same for trap_entry
	struct table_register idtr;       // 80
	struct table_register crash_idtr; // 90
	uint32_t pad;
	struct iret_frame start;   // 104: for the first instruction
	struct nucleus_pc pc;      // 144
	struct pt pt;
	struct pt_state pt_state;
	_Alignas(16) uint64_t gdt[GDT_WORDS];
	_Alignas(16) struct tss tss;
	_Alignas(16) struct gate idt[NUCLEUS_VECTORS];
	struct gate crash_idt[NUCLEUS_VECTORS];
};
_Static_assert(offsetof(struct nucleus_data, trap) == 40, "entry.S knows this");
_Static_assert(offsetof(struct nucleus_data, idtr) == 80, "entry.S knows this");
_Static_assert(offsetof(struct nucleus_data, crash_idtr) == 90, "entry.S knows this");
_Static_assert(offsetof(struct nucleus_data, pc) == 144, "entry.S knows this");
_Static_assert(offsetof(struct nucleus_pc, tick_count) == 24, "entry.S knows this");
_Static_assert(offsetof(struct nucleus_pc, kick) == 28, "entry.S knows this");
_Static_assert(sizeof(struct nucleus_data) <= 4096, "one page");

#endif
