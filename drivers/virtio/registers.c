// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See registers.h. The layouts are virtio 1.1: 4.2.2 (MMIO), 4.2.4 (MMIO, legacy), 4.1.4.3 (PCI)
// and 4.1.4.8 (PCI, legacy).
#include <drivers/io.h>
#include <drivers/virtio/registers.h>

#define MMIO_VERSION 4
#define MMIO_CONFIG 0x100
#define LEGACY_CONFIG 20
#define LEGACY_CONFIG_MSIX 24 // two vectors come before it then

static const struct virtio_layout mmio = {
	.len = MMIO_CONFIG,
	.reg = {
		[REG_FEATURES] = { 0x10, 4 },   [REG_FEATURES_SEL] = { 0x14, 4 },
		[REG_DRIVER] = { 0x20, 4 },     [REG_DRIVER_SEL] = { 0x24, 4 },
		[REG_QUEUE_SEL] = { 0x30, 4 },  [REG_QUEUE_MAX] = { 0x34, 4 },
		[REG_QUEUE_SIZE] = { 0x38, 4 }, [REG_QUEUE_READY] = { 0x44, 4 },
		[REG_NOTIFY] = { 0x50, 4 },     [REG_ACK] = { 0x64, 4 },
		[REG_STATUS] = { 0x70, 4 },     [REG_QUEUE_DESC] = { 0x80, 4 },
		[REG_QUEUE_AVAIL] = { 0x90, 4 },[REG_QUEUE_USED] = { 0xa0, 4 },
		[REG_GENERATION] = { 0xfc, 4 },
	},
};

static const struct virtio_layout mmio_legacy = {
	.len = MMIO_CONFIG,
	.reg = {
		[REG_FEATURES] = { 0x10, 4 },   [REG_FEATURES_SEL] = { 0x14, 4 },
		[REG_DRIVER] = { 0x20, 4 },     [REG_DRIVER_SEL] = { 0x24, 4 },
		[REG_PAGE_SIZE] = { 0x28, 4 },  [REG_QUEUE_SEL] = { 0x30, 4 },
		[REG_QUEUE_MAX] = { 0x34, 4 },  [REG_QUEUE_SIZE] = { 0x38, 4 },
		[REG_QUEUE_ALIGN] = { 0x3c, 4 },[REG_QUEUE_PFN] = { 0x40, 4 },
		[REG_NOTIFY] = { 0x50, 4 },     [REG_ACK] = { 0x64, 4 },
		[REG_STATUS] = { 0x70, 4 },
	},
};

static const struct virtio_layout pci = {
	.len = 56,
	.reg = {
		[REG_FEATURES_SEL] = { 0, 4 },   [REG_FEATURES] = { 4, 4 },
		[REG_DRIVER_SEL] = { 8, 4 },     [REG_DRIVER] = { 12, 4 },
		[REG_STATUS] = { 20, 1 },        [REG_GENERATION] = { 21, 1 },
		[REG_QUEUE_SEL] = { 22, 2 },     [REG_QUEUE_MAX] = { 24, 2 },
		[REG_QUEUE_SIZE] = { 24, 2 },    [REG_QUEUE_VECTOR] = { 26, 2 },
		[REG_QUEUE_READY] = { 28, 2 },   [REG_NOTIFY_OFF] = { 30, 2 },
		[REG_QUEUE_DESC] = { 32, 4 },    [REG_QUEUE_AVAIL] = { 40, 4 },
		[REG_QUEUE_USED] = { 48, 4 },    [REG_NOTIFY] = { 0, 2 },
	},
};

static const struct virtio_layout pci_legacy = {
	.len = LEGACY_CONFIG,
	.reg = {
		[REG_FEATURES] = { 0, 4 },       [REG_DRIVER] = { 4, 4 },
		[REG_QUEUE_PFN] = { 8, 4 },      [REG_QUEUE_MAX] = { 12, 2 },
		[REG_QUEUE_SEL] = { 14, 2 },     [REG_NOTIFY] = { 16, 2 },
		[REG_STATUS] = { 18, 1 },        [REG_ISR] = { 19, 1 },
		[REG_QUEUE_VECTOR] = { 22, 2 },
	},
};

static bool has_ports(const struct virtio *v)
{
	return v->device->transport == PC_VIRTIO_PCI_LEGACY;
}

const struct virtio_layout *virtio_find_layout(const struct pc_device *d)
{
	const struct virtio_layout *l = &pci;
	uint32_t len = d->regs_len;

	if (d->transport == PC_VIRTIO_PCI_LEGACY) {
		l = &pci_legacy;
		len = d->port_len;
	} else if (d->transport == PC_VIRTIO_MMIO && len >= MMIO_CONFIG) {
		l = mmio_read32(d->regs + MMIO_VERSION) == 1 ? &mmio_legacy : &mmio;
	}
	return len < l->len ? NULL : l;
}

static uint32_t read(const struct virtio *v, uintptr_t at, unsigned width)
{
	if (has_ports(v))
		return width == 4   ? io_in32((uint16_t)at)
		       : width == 2 ? io_in16((uint16_t)at)
				    : io_in8((uint16_t)at);
	return width == 4 ? mmio_read32(at) : width == 2 ? mmio_read16(at) : mmio_read8(at);
}

void virtio_write(const struct virtio *v, uintptr_t at, unsigned width, uint32_t value)
{
	bool ports = has_ports(v);

	if (width == 4)
		ports ? io_out32((uint16_t)at, value) : mmio_write32(at, value);
	else if (width == 2)
		ports ? io_out16((uint16_t)at, (uint16_t)value)
		      : mmio_write16(at, (uint16_t)value);
	else
		ports ? io_out8((uint16_t)at, (uint8_t)value) : mmio_write8(at, (uint8_t)value);
}

uintptr_t virtio_reg_at(const struct virtio *v, enum virtio_reg r)
{
	return (has_ports(v) ? v->device->port : v->device->regs) + v->layout->reg[r].at;
}

uint32_t virtio_get(const struct virtio *v, enum virtio_reg r)
{
	unsigned width = v->layout->reg[r].width;

	return width ? read(v, virtio_reg_at(v, r), width) : 0;
}

void virtio_set(const struct virtio *v, enum virtio_reg r, uint32_t value)
{
	unsigned width = v->layout->reg[r].width;

	if (width)
		virtio_write(v, virtio_reg_at(v, r), width, value);
}

uint32_t virtio_config(const struct virtio *v, unsigned off, unsigned width)
{
	const struct pc_device *d = v->device;
	uintptr_t at = d->config;
	uint32_t len = d->config_len;

	if (d->transport == PC_VIRTIO_MMIO) {
		at = d->regs + MMIO_CONFIG;
		len = d->regs_len - MMIO_CONFIG;
	} else if (d->transport == PC_VIRTIO_PCI_LEGACY) {
		unsigned skip = d->msix ? LEGACY_CONFIG_MSIX : LEGACY_CONFIG;

		at = d->port + skip;
		len = d->port_len > skip ? d->port_len - skip : 0;
	}
	return at && width <= len && off <= len - width ? read(v, at + off, width) : 0;
}

// The two halves may be of different times: then the generation has changed in between. A device
// whose configuration never rests is not waited for.
uint64_t virtio_config64(const struct virtio *v, unsigned off)
{
	uint32_t generation, low, high;
	int tries = 100;

	do {
		generation = virtio_get(v, REG_GENERATION);
		low = virtio_config(v, off, 4);
		high = virtio_config(v, off + 4, 4);
	} while (generation != virtio_get(v, REG_GENERATION) && --tries);
	return (uint64_t)high << 32 | low;
}
