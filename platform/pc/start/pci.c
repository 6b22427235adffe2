// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Virtio devices on PCI (PCI Local Bus Specification 3.0, chapter 6; virtio 1.1, 4.1): where their
// registers are, and MSI-X entry 0 of each aimed at the device interrupt. Addresses are as the
// firmware has given them.
#include <drivers/io.h>
#include <platform/pc/start/start.h>

#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA 0xcfc
#define BUSES 256
#define VENDOR_VIRTIO 0x1af4
#define DEVICE_MODERN 0x1040 // and the type
#define DEVICE_LEGACY 0x1000
#define COMMAND 0x04
#define COMMAND_IO_MEMORY_MASTER 7
#define CLASS 0x0b
#define CLASS_NETWORK 2 // appendix D
#define HEADER 0x0c
#define BAR0 0x10
#define SUBSYSTEM 0x2c
#define CAPABILITIES 0x34
#define LINE 0x3c
#define CAP_VENDOR 0x09
#define CAP_MSIX 0x11
#define CAPS_MAX 48
#define REGION_MAX 0x4000 // of registers that are mapped; enough for any queue's doorbell

enum virtio_cap { CAP_COMMON = 1, CAP_NOTIFY, CAP_ISR, CAP_DEVICE }; // virtio 1.1, 4.1.4

struct function {
	struct start *s;
	uint32_t at; // bus << 16 | device << 11 | function << 8
};

static uint32_t get(const struct function *f, unsigned off)
{
	if (f->s->ecam)
		return mmio_read32(f->s->ecam + ((uint64_t)f->at << 4) + off);
	io_out32(CONFIG_ADDRESS, 0x80000000u | f->at | off);
	return io_in32(CONFIG_DATA);
}

static void set(const struct function *f, unsigned off, uint32_t v)
{
	if (f->s->ecam) {
		mmio_write32(f->s->ecam + ((uint64_t)f->at << 4) + off, v);
		return;
	}
	io_out32(CONFIG_ADDRESS, 0x80000000u | f->at | off);
	io_out32(CONFIG_DATA, v);
}

static uint8_t get8(const struct function *f, unsigned off)
{
	return (uint8_t)(get(f, off & ~3u) >> (off & 3) * 8);
}

// The address of a BAR in memory, 0: it has none.
static uint64_t memory_bar(const struct function *f, unsigned n)
{
	uint32_t low = n < 6 ? get(f, BAR0 + 4 * n) : 1;
	uint64_t at = low & ~15u;

	if (low & 1)
		return 0;
	if ((low & 6) == 4 && n < 5)
		at |= (uint64_t)get(f, BAR0 + 4 * n + 4) << 32;
	return at < f->s->top ? at : 0;
}

static void name(const struct function *f, char *p)
{
	static const char hex[] = "0123456789abcdef";

	p[0] = 'p';
	p[1] = 'c';
	p[2] = 'i';
	p[3] = ' ';
	p[4] = hex[f->at >> 20 & 15];
	p[5] = hex[f->at >> 16 & 15];
	p[6] = ':';
	p[7] = hex[f->at >> 15 & 1];
	p[8] = hex[f->at >> 11 & 15];
	p[9] = '.';
	p[10] = hex[f->at >> 8 & 7];
}

static void add_region(const struct function *f, struct pc_device *d, unsigned cap)
{
	unsigned kind = get8(f, cap + 3);
	uint32_t off = get(f, cap + 8), len = get(f, cap + 12);
	uint64_t bar = memory_bar(f, get8(f, cap + 4)), *to;

	if (kind < CAP_COMMON || kind > CAP_DEVICE || !bar || !len)
		return;
	if (len > REGION_MAX)
		len = REGION_MAX;
	to = kind == CAP_COMMON ? &d->regs : kind == CAP_NOTIFY ? &d->notify
				       : kind == CAP_ISR	? &d->isr
								: &d->config;
	if (*to) // the first of a kind is the one that the device likes best
		return;
	*to = start_map(f->s, bar + off, len);
	if (kind == CAP_COMMON)
		d->regs_len = len;
	if (kind == CAP_DEVICE)
		d->config_len = len;
	if (kind == CAP_NOTIFY) {
		d->notify_len = len;
		d->notify_multiplier = get(f, cap + 16);
	}
}

// Entry 0 of the table: the device interrupt, of this processor (Intel SDM vol. 3, 11.11).
static void aim_msix(const struct function *f, struct pc_device *d, unsigned cap)
{
	uint32_t control = get(f, cap), table = get(f, cap + 4);
	uint64_t bar = memory_bar(f, table & 7), at = bar + (table & ~7u);

	if (!bar)
		return;
	start_reach(f->s, at, 16);
	mmio_write32(at, 0xfee00000u | f->s->apic_id << 12);
	mmio_write32(at + 4, 0);
	mmio_write32(at + 8, NUCLEUS_DEVICE_VECTOR);
	mmio_write32(at + 12, 0);
	set(f, cap, (control & ~(1u << 30)) | 1u << 31);
	d->msix = 1;
}

static void read_capabilities(const struct function *f, struct pc_device *d)
{
	unsigned cap = get8(f, CAPABILITIES) & ~3u;

	for (int i = 0; cap && i < CAPS_MAX; i++, cap = get8(f, cap + 1) & ~3u) {
		uint8_t id = get8(f, cap);

		if (id == CAP_VENDOR)
			add_region(f, d, cap);
		else if (id == CAP_MSIX)
			aim_msix(f, d, cap);
	}
}

static void add_virtio(const struct function *f, unsigned id)
{
	struct pc_device *d = start_device(f->s);
	uint32_t io;

	if (!d)
		return;
	name(f, d->where);
	set(f, COMMAND, (get(f, COMMAND) & 0xffff) | COMMAND_IO_MEMORY_MASTER);
	read_capabilities(f, d);
	d->transport = PC_VIRTIO_PCI;
	d->type = (uint16_t)(id >= DEVICE_MODERN ? id - DEVICE_MODERN : get(f, SUBSYSTEM) >> 16);
	if (!d->msix && get8(f, LINE) < 24) {
		apic_line(f->s, get8(f, LINE));
		f->s->pc.flags |= PC_F_SHARED_LINES;
	}
	if (d->regs && d->notify && d->isr)
		return;
	io = get(f, BAR0);
	d->transport = PC_VIRTIO_PCI_LEGACY;
	d->port = (uint16_t)(io & ~3u);
	d->port_len = 0x100;
	if (!(io & 1) || !d->port) {
		start_note(f->s, "the firmware has given no registers to ", d->where);
		f->s->pc.device_count--;
		return;
	}
	start_ports(f->s, d->port, d->port_len);
}

// Firecracker without PCI has a configuration space that reads as zeros.
static bool is_there(uint32_t id)
{
	return (id & 0xffff) != 0xffff && (id & 0xffff);
}

static void look_at(const struct function *f, bool buses[BUSES])
{
	uint32_t id = get(f, 0), class = get(f, HEADER) >> 16 & 0x7f;

	if (!is_there(id))
		return;
	if (class == 1) // a bridge: its secondary bus
		buses[get8(f, 0x19)] = true;
	if ((id & 0xffff) == VENDOR_VIRTIO && id >> 16 >= DEVICE_LEGACY &&
	    id >> 16 < DEVICE_MODERN + 64)
		add_virtio(f, id >> 16);
	else if (get8(f, CLASS) == CLASS_NETWORK)
		name(f, f->s->other_net);
}

static bool has_ports(void)
{
	io_out32(CONFIG_ADDRESS, 0x80000000u);
	return io_in32(CONFIG_ADDRESS) == 0x80000000u;
}

void pci_find(struct start *s)
{
	bool buses[BUSES] = { true };

	if (has_ports())
		s->ecam = 0;
	else if (!s->ecam)
		return;
	for (uint32_t bus = 0; bus < BUSES; bus++) {
		if (!buses[bus])
			continue;
		if (s->ecam)
			start_reach(s, s->ecam + ((uint64_t)bus << 20), 1 << 20);
		for (uint32_t at = 0; at < 256; at++) {
			struct function f = { s, bus << 16 | at << 8 };

			look_at(&f, buses);
			if (!(at & 7) && // nothing, or one function
			    (!is_there(get(&f, 0)) || !(get(&f, HEADER) >> 16 & 0x80)))
				at |= 7;
		}
	}
}
