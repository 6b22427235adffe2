// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Virtio devices in memory (virtio 1.1, 4.2.2), where the command line or ACPI says that they are.
#include <drivers/io.h>
#include <platform/pc/start/start.h>

#define MAGIC 0x74726976 // "virt"
#define REG_MAGIC 0x0
#define REG_VERSION 0x4
#define REG_DEVICE 0x8
#define REGS_LEN 0x200

static void name(struct pc_device *d, uint64_t at)
{
	char text[20];
	const char *hex = start_hex(text, at), *front = "mmio at ";
	unsigned n = 0;

	while (*front)
		d->where[n++] = *front++;
	while (*hex && n < sizeof(d->where) - 1)
		d->where[n++] = *hex++;
}

void mmio_find(struct start *s)
{
	for (unsigned i = 0; i < s->words.mmio_count; i++) {
		uint64_t at = s->words.mmio[i].at;
		struct pc_device *d;
		uint32_t version, type;
		char text[20];

		start_reach(s, at, REGS_LEN);
		if (mmio_read32(at + REG_MAGIC) != MAGIC) {
			start_note(s, "there is no virtio device at ", start_hex(text, at));
			continue;
		}
		version = mmio_read32(at + REG_VERSION);
		type = mmio_read32(at + REG_DEVICE);
		if (!type || version < 1 || version > 2) // 0: a place without a device
			continue;
		d = start_device(s);
		if (!d)
			return;
		d->transport = PC_VIRTIO_MMIO;
		d->type = (uint16_t)type;
		d->regs = start_map(s, at, REGS_LEN);
		d->regs_len = REGS_LEN;
		name(d, at);
		apic_line(s, s->words.mmio[i].irq);
	}
}
