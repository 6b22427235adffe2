// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The start-up code of the pc platform: privileged, runs once, in the order of start_main(). It does
// what the monitor does on kvm: finds out what machine this is, loads the library OS (loader/), makes
// page tables, and goes to the library OS at CPL 3. Then only the nucleus is privileged.
//
// It has no data of its own: all that it knows is in struct start, on its stack. Memory is mapped
// one to one: the first 4 GiB, and what start_reach() was asked for.
#ifndef PC_START_H
#define PC_START_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <loader/load.h>
#include <loader/nucleus.h>
#include <pith/pc.h>
#include <pith/stage1.h>

#define RANGES_MAX 64
#define WORDS_MAX 128    // of a kind on the command line
#define CMDLINE_MAX 4096
#define IOAPICS_MAX 4
#define MAPS_MAX 80
#define PORTS_MAX 40
#define MIB (1ull << 20)
#define GIB (1ull << 30)
#define PORTS 65536

struct range {
	uint64_t start, end;
};

// What the boot loader told (info.c).
struct machine {
	struct range ram[RANGES_MAX];
	unsigned ram_count;
	uint64_t rsdp; // 0: it does not say
};

// The command line (words.c). Strings are in `text`.
struct words {
	char text[CMDLINE_MAX];
	const char *hostname;
	const char *args[WORDS_MAX + 1], *env[WORDS_MAX + 1];
	unsigned arg_count, env_count;
	bool args_given;
	const char *volume_at[PC_VOLUMES_MAX + 1];
	struct pc_volume volume[PC_VOLUMES_MAX];
	uint32_t readonly_volumes;
	unsigned volume_count;
	struct load_net net;
	bool no_net;
	uint32_t flags; // BOOT_*
	uint16_t tty_rows, tty_cols;
	bool uart_console;
	struct {
		uint64_t at;
		uint32_t irq;
	} mmio[PC_DEVICES_MAX];
	unsigned mmio_count;
};

struct ioapic {
	uint64_t at;
	uint32_t first; // interrupt
};

struct start {
	const struct stage1_boot *boot;
	struct machine machine;
	struct words words;
	struct pc_info pc;
	// Processor (cpu.c).
	uint64_t cr4, xcr0;
	uint64_t top; // no physical address is beyond it
	bool has_1g, has_rdrand;
	bool slow; // CPL 0 is emulated (BOOT_SLOW_CPL0)
	// Interrupts (acpi.c, apic.c).
	struct ioapic ioapic[IOAPICS_MAX];
	unsigned ioapic_count;
	uint64_t apic;
	uint32_t apic_id;
	uint16_t pm_timer;  // ACPI's, or 0
	char other_net[24]; // where a network device is that is not virtio's
	uint64_t ecam;      // PCI's memory-mapped configuration, or 0
	// Device registers for CPL 3: pages of the platform's own address space.
	struct {
		uint64_t pa;
		unsigned pages, first;
	} map[MAPS_MAX];
	unsigned map_count, map_pages;
	struct range port[PORTS_MAX]; // [start, end)
	unsigned port_count;
	struct boot_clock clock;
	uint64_t spare, spare_end; // pages for page tables
	struct load_random random;
	struct loaded loaded;
	struct nucleus nucleus;
	unsigned note_len; // of pc.notes
};

// Says a line on the UART and ends the machine, with status 125 where there is one.
void start_fail(struct start *s, const char *what, const char *arg) __attribute__((noreturn));
// A remark, for the console once there is one.
void start_note(struct start *s, const char *what, const char *arg);
// A number as text: into one of a few buffers of the caller.
const char *start_hex(char text[20], uint64_t v);

// [pa, pa + len) can be read and written from here on. Where the processor can have no such addresses
// it ends the machine, so who reaches for a pointer and a length that came from outside has checked
// them.
void start_reach(struct start *s, uint64_t pa, uint64_t len);
// Registers that CPL 3 shall have: gives their offset in the platform's own address space, which
// start_main() turns into an address; 0: too many, or nothing can be there.
uint64_t start_map(struct start *s, uint64_t pa, uint64_t len);
void start_ports(struct start *s, uint16_t first, unsigned count);
// A device of virtio was found: room for it, or NULL.
struct pc_device *start_device(struct start *s);
// The ports that CPL 3 has, as the TSS wants them: PORTS / 8 + 1 bytes, a clear bit permits.
void devices_permit(const struct start *s, uint8_t *bits);
// The largest piece of memory without the image in it.
struct range memory_choose(const struct start *s);

void info_read(struct start *s);
// The text ends with a zero or after `room` bytes.
void words_read(struct start *s, const char *text, size_t room);
void cpu_check(struct start *s);
void cpu_enter(struct start *s) __attribute__((noreturn));
void entropy_fill(struct start *s);
void acpi_read(struct start *s);
void apic_open(struct start *s);
void apic_line(struct start *s, uint32_t irq); // an interrupt line of a device, edge-triggered
void apic_tick(struct start *s, uint32_t count); // ticks, every so many of the timer's
void clock_read(struct start *s, void *page); // page: for pvclock, where it stays
void measure_tsc(struct start *s); // pc.tsc_khz stays 0: there is nothing to measure it with
void measure_apic(struct start *s);
int64_t rtc_read(void); // seconds since 1970, or 0: there is no clock
void mmio_find(struct start *s);
void pci_find(struct start *s);

#endif
