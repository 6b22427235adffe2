// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See device.h. Registers are decoded here by what virtio 1.1 says, not by the driver's tables.
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "device.h"
#include "io.h"

#define REGS 0x10000000ul
#define NOTIFY 0x20000000ul
#define ISR 0x30000000ul
#define CONFIG 0x40000000ul
#define MULTIPLIER 4
#define PORT 0xc000
#define DMA_PA 0x100000ul
#define RAM_PA 0x4000000ul
#define RAM_LEN (1ul << 20)

struct fake *fake;
static uint64_t tsc;

bool fake_modern(const struct fake *f)
{
	return f->kind == FAKE_MMIO || f->kind == FAKE_PCI || f->kind == FAKE_PCI_MSIX;
}

static bool is_mmio(const struct fake *f)
{
	return f->kind <= FAKE_MMIO_1;
}

struct fake *fake_new(enum fake_kind kind, uint64_t features, size_t room)
{
	struct fake *f = calloc(1, sizeof(*f));

	f->kind = kind;
	f->features = features | (fake_modern(f) ? FAKE_VERSION_1 : 0);
	for (unsigned i = 0; i < FAKE_QUEUES; i++)
		f->queue[i].max = 256;
	f->status = 0xf; // as a boot loader may have left it
	f->device = (struct pc_device){ .transport = PC_VIRTIO_MMIO, .regs = REGS, .regs_len = 0x200,
					.where = "test" };
	if (kind == FAKE_PCI || kind == FAKE_PCI_MSIX) {
		f->device.transport = PC_VIRTIO_PCI;
		f->device.regs_len = 56;
		f->device.notify = NOTIFY;
		f->device.notify_len = FAKE_QUEUES * MULTIPLIER;
		f->device.notify_multiplier = MULTIPLIER;
		f->device.isr = ISR;
		f->device.config = CONFIG;
		f->device.config_len = sizeof(f->config);
	} else if (!is_mmio(f)) {
		f->device.transport = PC_VIRTIO_PCI_LEGACY;
		f->device.port = PORT;
		f->device.port_len = 64;
	}
	f->device.msix = kind == FAKE_PCI_MSIX || kind == FAKE_LEGACY_MSIX;
	f->dma = (struct dma){ .va = aligned_alloc(4096, room), .pa = DMA_PA, .len = room,
			       .ram_va = (uint64_t)calloc(1, RAM_LEN), .ram_pa = RAM_PA,
			       .ram_len = RAM_LEN };
	memset(f->dma.va, 0, room);
	fake = f;
	return f;
}

void fake_free(struct fake *f)
{
	free(f->dma.va);
	free((void *)f->dma.ram_va);
	free(f);
	fake = NULL;
}

uint8_t *fake_ram(const struct fake *f)
{
	return (uint8_t *)f->dma.ram_va;
}

static void *at(struct fake *f, uint64_t pa, uint64_t len)
{
	if (pa >= DMA_PA && pa - DMA_PA <= f->dma.used && len <= f->dma.used - (pa - DMA_PA))
		return f->dma.va + (pa - DMA_PA);
	assert_true(pa >= RAM_PA && pa - RAM_PA <= RAM_LEN && len <= RAM_LEN - (pa - RAM_PA));
	return (uint8_t *)f->dma.ram_va + (pa - RAM_PA);
}

static void reset(struct fake *f)
{
	f->accepted = 0;
	f->resets++;
	for (unsigned i = 0; i < FAKE_QUEUES; i++)
		f->queue[i] = (struct fake_queue){ .max = f->queue[i].max, .vector = 0xffff };
}

static void set_status(struct fake *f, uint8_t v)
{
	if (!v) {
		reset(f);
		f->status = f->stuck ? 1 : 0;
		return;
	}
	if (v & FAKE_FAILED) {
		f->status = v;
		return;
	}
	assert_int_equal(v & f->status, f->status); // bits are only ever added
	assert_int_equal(f->accepted & ~f->features, 0);
	if (v & 8)
		assert_true(fake_modern(f));
	if ((v & 4) && fake_modern(f))
		assert_true(f->status & 8);
	if (f->contrary)
		v &= (uint8_t)~8;
	f->status = v;
}

static struct fake_queue *queue(struct fake *f)
{
	static struct fake_queue none;

	none = (struct fake_queue){ 0 };
	return f->sel < FAKE_QUEUES ? &f->queue[f->sel] : &none;
}

static void kick(struct fake *f, uint32_t q)
{
	assert_true(f->status & 4);
	f->kicks++;
	if (f->on_kick)
		f->on_kick(f, q);
}

static void set_ready(struct fake *f, uint32_t v)
{
	struct fake_queue *q = queue(f);

	assert_false(f->status & 4); // before DRIVER_OK
	assert_true(!v || (q->size && q->desc && q->avail && q->used));
	q->ready = v;
}

static void set_pfn(struct fake *f, uint32_t v)
{
	struct fake_queue *q = queue(f);
	uint64_t align = f->kind == FAKE_MMIO_1 ? q->align : 4096;

	assert_false(f->status & 4);
	q->pfn = v;
	q->size = q->size ? q->size : q->max;
	q->desc = (uint64_t)v << 12;
	q->avail = q->desc + 16ul * q->size;
	q->used = (q->avail + 2ul * (3 + q->size) + align - 1) & ~(align - 1);
	q->ready = v != 0;
}

static void set_vector(struct fake *f, uint16_t v)
{
	queue(f)->vector = f->no_vector ? 0xffff : v;
}

static void set_half(uint64_t *to, unsigned half, uint32_t v)
{
	memcpy((uint8_t *)to + 4 * half, &v, 4);
}

static void set_features(struct fake *f, uint32_t sel, uint32_t v)
{
	assert_false(f->status & 8);
	assert_true(f->status & 2);
	set_half(&f->accepted, sel & 1, v);
}

static uint32_t offered(const struct fake *f, uint32_t sel)
{
	return sel > 1 ? 0 : (uint32_t)(f->features >> 32 * sel);
}

static uint32_t config_read(struct fake *f, uint64_t off, unsigned width)
{
	uint32_t v = 0;

	assert_true(off + width <= sizeof(f->config));
	memcpy(&v, f->config + off, width);
	return v;
}

// Virtio 1.1, 4.2.2 and 4.2.4.
static uint32_t mmio_get(struct fake *f, unsigned r)
{
	switch (r) {
	case 0x04: return f->kind == FAKE_MMIO_1 ? 1 : 2;
	case 0x10: return offered(f, f->feature_sel);
	case 0x34: return queue(f)->max;
	case 0x70: return f->status;
	case 0xfc: return f->generation;
	}
	fail_msg("read of register 0x%x", r);
	return 0;
}

static void mmio_set(struct fake *f, unsigned r, uint32_t v)
{
	bool old = f->kind == FAKE_MMIO_1;

	switch (r) {
	case 0x14: f->feature_sel = v; return;
	case 0x20: set_features(f, f->driver_sel, v); return;
	case 0x24: f->driver_sel = v; return;
	case 0x28: assert_true(old && v == 4096); return;
	case 0x30: f->sel = v; return;
	case 0x38: queue(f)->size = (uint16_t)v; return;
	case 0x3c: assert_true(old); queue(f)->align = v; return;
	case 0x40: assert_true(old); set_pfn(f, v); return;
	case 0x44: assert_false(old); set_ready(f, v); return;
	case 0x50: kick(f, v); return;
	case 0x64: f->acks++; f->isr &= (uint8_t)~v; return;
	case 0x70: set_status(f, (uint8_t)v); return;
	case 0x80: case 0x84: set_half(&queue(f)->desc, (r >> 2) & 1, v); return;
	case 0x90: case 0x94: set_half(&queue(f)->avail, (r >> 2) & 1, v); return;
	case 0xa0: case 0xa4: set_half(&queue(f)->used, (r >> 2) & 1, v); return;
	}
	fail_msg("write of register 0x%x", r);
}

// Virtio 1.1, 4.1.4.3.
static uint32_t pci_get(struct fake *f, unsigned r, unsigned width)
{
	switch (r << 4 | width) {
	case 4 << 4 | 4: return offered(f, f->feature_sel);
	case 20 << 4 | 1: return f->status;
	case 21 << 4 | 1: return f->generation;
	case 24 << 4 | 2: return queue(f)->size ? queue(f)->size : queue(f)->max;
	case 26 << 4 | 2: return queue(f)->vector;
	case 30 << 4 | 2: return f->sel;
	}
	fail_msg("read of register %u, width %u", r, width);
	return 0;
}

static void pci_set(struct fake *f, unsigned r, unsigned width, uint32_t v)
{
	switch (r << 4 | width) {
	case 0 << 4 | 4: f->feature_sel = v; return;
	case 8 << 4 | 4: f->driver_sel = v; return;
	case 12 << 4 | 4: set_features(f, f->driver_sel, v); return;
	case 20 << 4 | 1: set_status(f, (uint8_t)v); return;
	case 22 << 4 | 2: f->sel = v; return;
	case 24 << 4 | 2: queue(f)->size = (uint16_t)v; return;
	case 26 << 4 | 2: set_vector(f, (uint16_t)v); return;
	case 28 << 4 | 2: set_ready(f, v); return;
	case 32 << 4 | 4: case 36 << 4 | 4: set_half(&queue(f)->desc, (r >> 2) & 1, v); return;
	case 40 << 4 | 4: case 44 << 4 | 4: set_half(&queue(f)->avail, (r >> 2) & 1, v); return;
	case 48 << 4 | 4: case 52 << 4 | 4: set_half(&queue(f)->used, (r >> 2) & 1, v); return;
	}
	fail_msg("write of register %u, width %u", r, width);
}

static uint32_t read_memory(uintptr_t a, unsigned width)
{
	struct fake *f = fake;

	if (a == ISR && width == 1) {
		f->acks++;
		f->isr = 0;
		return 0;
	}
	if (a >= CONFIG)
		return config_read(f, a - CONFIG, width);
	assert_true(a >= REGS && a < NOTIFY);
	if (is_mmio(f) && a - REGS >= 0x100)
		return config_read(f, a - REGS - 0x100, width);
	if (!is_mmio(f))
		return pci_get(f, (unsigned)(a - REGS), width);
	assert_int_equal(width, 4);
	return mmio_get(f, (unsigned)(a - REGS));
}

static void write_memory(uintptr_t a, unsigned width, uint32_t v)
{
	struct fake *f = fake;

	if (!is_mmio(f) && a >= NOTIFY && a < ISR) {
		assert_int_equal(width, 2);
		assert_int_equal(a, NOTIFY + v * MULTIPLIER);
		kick(f, v);
	} else if (!is_mmio(f)) {
		pci_set(f, (unsigned)(a - REGS), width, v);
	} else {
		assert_int_equal(width, 4);
		mmio_set(f, (unsigned)(a - REGS), v);
	}
}

// Virtio 1.1, 4.1.4.8.
static uint32_t read_port(uint16_t port, unsigned width)
{
	unsigned r = port - PORT, config = fake->device.msix ? 24 : 20;
	struct fake *f = fake;

	if (r >= config)
		return config_read(f, r - config, width);
	switch (r << 4 | width) {
	case 0 << 4 | 4: return offered(f, 0);
	case 12 << 4 | 2: return queue(f)->max;
	case 18 << 4 | 1: return f->status;
	case 19 << 4 | 1: f->acks++; f->isr = 0; return 0;
	case 22 << 4 | 2: return queue(f)->vector;
	}
	fail_msg("read of port %u, width %u", r, width);
	return 0;
}

static void write_port(uint16_t port, unsigned width, uint32_t v)
{
	struct fake *f = fake;

	switch ((port - PORT) << 4 | (int)width) {
	case 4 << 4 | 4: set_features(f, 0, v); return;
	case 8 << 4 | 4: set_pfn(f, v); return;
	case 14 << 4 | 2: f->sel = v; return;
	case 16 << 4 | 2: kick(f, v); return;
	case 18 << 4 | 1: set_status(f, (uint8_t)v); return;
	case 22 << 4 | 2: assert_true(f->device.msix); set_vector(f, (uint16_t)v); return;
	}
	fail_msg("write of port %u, width %u", port - PORT, width);
}

uint8_t io_in8(uint16_t port) { return (uint8_t)read_port(port, 1); }
uint16_t io_in16(uint16_t port) { return (uint16_t)read_port(port, 2); }
uint32_t io_in32(uint16_t port) { return read_port(port, 4); }
void io_out8(uint16_t port, uint8_t v) { write_port(port, 1, v); }
void io_out16(uint16_t port, uint16_t v) { write_port(port, 2, v); }
void io_out32(uint16_t port, uint32_t v) { write_port(port, 4, v); }
uint8_t mmio_read8(uintptr_t a) { return (uint8_t)read_memory(a, 1); }
uint16_t mmio_read16(uintptr_t a) { return (uint16_t)read_memory(a, 2); }
uint32_t mmio_read32(uintptr_t a) { return read_memory(a, 4); }
void mmio_write8(uintptr_t a, uint8_t v) { write_memory(a, 1, v); }
void mmio_write16(uintptr_t a, uint16_t v) { write_memory(a, 2, v); }
void mmio_write32(uintptr_t a, uint32_t v) { write_memory(a, 4, v); }
void io_mb(void) {}
void io_pause(void) {}
uint64_t io_tsc(void) { return tsc++; }

struct desc {
	uint64_t pa;
	uint32_t len;
	uint16_t flags, next;
};

int fake_take(struct fake *f, unsigned nr, struct fake_part *parts, unsigned max, unsigned *count)
{
	struct fake_queue *q = &f->queue[nr];
	struct desc *table = at(f, q->desc, 16ul * q->size);
	uint16_t *avail = at(f, q->avail, 2ul * (3 + q->size)), i;
	uint16_t head;

	if (q->taken == avail[1])
		return -1;
	assert_true((uint16_t)(avail[1] - q->taken) <= q->size);
	head = i = avail[2 + q->taken++ % q->size];
	*count = 0;
	for (bool in = false;;) {
		assert_true(i < q->size && *count < max && table[i].len);
		assert_true(!in || (table[i].flags & 2)); // what is written comes last
		in = table[i].flags & 2;
		parts[(*count)++] =
			(struct fake_part){ at(f, table[i].pa, table[i].len), table[i].len, in };
		if (!(table[i].flags & 1))
			break;
		i = table[i].next;
	}
	if (f->accepted & FAKE_EVENT_IDX)
		((uint16_t *)at(f, q->used, 6 + 8ul * q->size))[2 + 4 * q->size] = q->taken;
	return head;
}

uint16_t *fake_used_index(struct fake *f, unsigned nr)
{
	return (uint16_t *)at(f, f->queue[nr].used, 4) + 1;
}

uint32_t *fake_used_entry(struct fake *f, unsigned nr, uint16_t index)
{
	struct fake_queue *q = &f->queue[nr];

	return (uint32_t *)at(f, q->used + 4 + 8ul * (index % q->size), 8);
}

void fake_give(struct fake *f, unsigned nr, uint32_t head, uint32_t len)
{
	struct fake_queue *q = &f->queue[nr];
	uint16_t *avail = at(f, q->avail, 2ul * (3 + q->size));
	uint32_t *entry = fake_used_entry(f, nr, q->given);
	bool wanted;

	entry[0] = head;
	entry[1] = len;
	*fake_used_index(f, nr) = ++q->given;
	if (f->accepted & FAKE_EVENT_IDX)
		wanted = (uint16_t)(q->given - avail[2 + q->size] - 1) <
			 (uint16_t)(q->given - q->signalled);
	else
		wanted = !(avail[0] & 1);
	q->signalled = q->given;
	if (wanted) {
		f->isr |= 1;
		f->interrupts++;
	}
}
