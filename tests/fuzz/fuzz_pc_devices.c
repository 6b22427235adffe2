// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Devices on PCI and in memory that say anything to the start-up code of pc: every register that it reads is the next four bytes of the
// input, ones behind its end. Whatever they are: what CPL 3 gets of them is within the addresses that a processor has, and within its count.
#include <stdlib.h>

#include <drivers/io.h>
#include <tests/unit/pc/machine.h>

#define CHECK(x) ((x) ? (void)0 : abort())
#define TOP (1ull << 40)
#define PAGES_MAX 5 // of one piece of registers: 16 KiB at any address

static const uint8_t *at, *end;

static bool in(bool port, uint64_t where, unsigned width, uint32_t *v)
{
	size_t n = (size_t)(end - at) < 4 ? (size_t)(end - at) : 4;

	*v = UINT32_MAX;
	if (port && where == 0xcf8)
		return *v = 0x80000000, true;
	memcpy(v, at, n);
	at += n;
	return true;
}

static void out(bool port, uint64_t where, unsigned width, uint32_t v)
{
	CHECK(port || where < TOP);
}

void start_reach(struct start *s, uint64_t pa, uint64_t len)
{
	if (len > s->top || pa > s->top - len)
		start_fail(s, "no such address", "");
}

static void find_all(struct start *s)
{
	mmio_find(s);
	pci_find(s);
}

static void check_device(const struct start *s, const struct pc_device *d)
{
	uint64_t own = (s->map_pages + 1ull) * PAGE_SIZE;

	CHECK(memchr(d->where, 0, sizeof(d->where)));
	CHECK(d->regs < own && d->notify < own && d->isr < own && d->config < own);
	CHECK(d->transport == PC_VIRTIO_PCI_LEGACY ? d->port : d->regs >= PAGE_SIZE);
	CHECK(d->transport != PC_VIRTIO_PCI || (d->notify >= PAGE_SIZE && d->isr >= PAGE_SIZE));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t bits[PORTS / 8 + 1];
	struct start *s = &machine;

	machine_reset();
	s->top = TOP;
	machine_in = in;
	machine_out = out;
	at = data;
	end = data + len;
	in(false, 0, 4, &s->words.mmio_count);
	s->words.mmio_count %= PC_DEVICES_MAX + 1;
	for (unsigned i = 0; i < s->words.mmio_count; i++) {
		uint32_t high;

		in(false, 0, 4, &s->words.mmio[i].irq);
		in(false, 0, 4, &high);
		s->words.mmio[i].at = (uint64_t)(high & 0xffff) << 20; // some are beyond the top
	}
	if (!machine_run(find_all))
		return 0;
	CHECK(s->pc.device_count <= PC_DEVICES_MAX && s->map_count <= MAPS_MAX && s->port_count <= PORTS_MAX);
	for (unsigned i = 0; i < s->map_count; i++)
		CHECK(s->map[i].pages <= PAGES_MAX && s->map[i].pa + s->map[i].pages * PAGE_SIZE <= TOP);
	for (unsigned i = 0; i < s->pc.device_count; i++)
		check_device(s, &s->pc.device[i]);
	devices_permit(s, bits);
	CHECK(bits[PORTS / 8] == 0xff);
	return 0;
}
