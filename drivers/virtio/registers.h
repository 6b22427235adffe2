// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A virtio device's registers, by name: the transports differ in where they are and in which of
// them there are.
#ifndef DRIVERS_VIRTIO_REGISTERS_H
#define DRIVERS_VIRTIO_REGISTERS_H

#include <drivers/virtio/virtio.h>

enum virtio_reg {
	REG_FEATURES_SEL, // which half of
	REG_FEATURES,     // what the device offers
	REG_DRIVER_SEL,
	REG_DRIVER,       // what the driver accepts
	REG_STATUS,
	REG_ACK,          // MMIO: interrupts that are served
	REG_ISR,          // legacy PCI: the same, by reading
	REG_GENERATION,   // changes with the configuration
	REG_PAGE_SIZE,
	REG_QUEUE_SEL,    // which queue those below are of
	REG_QUEUE_MAX,
	REG_QUEUE_SIZE,
	REG_QUEUE_VECTOR, // MSI-X
	REG_QUEUE_READY,
	REG_QUEUE_ALIGN,
	REG_QUEUE_PFN,    // legacy: all of the queue, by the number of its first page
	REG_QUEUE_DESC,   // these three have 64 bits
	REG_QUEUE_AVAIL,
	REG_QUEUE_USED,
	REG_NOTIFY_OFF,   // modern PCI: where in the notification area
	REG_NOTIFY,       // modern PCI: somewhere else, but so wide
	REGS
};

struct virtio_layout {
	uint16_t len; // of the registers
	struct {
		uint8_t at, width;
	} reg[REGS];  // width 0: there is none
};

// The device's, or NULL.
const struct virtio_layout *virtio_find_layout(const struct pc_device *d);

static inline bool virtio_has_reg(const struct virtio *v, enum virtio_reg r)
{
	return v->layout->reg[r].width;
}

// One that is not there reads as 0, and writing it does nothing.
uint32_t virtio_get(const struct virtio *v, enum virtio_reg r);
void virtio_set(const struct virtio *v, enum virtio_reg r, uint32_t value);
// Where a register is that this transport has: address or port.
uintptr_t virtio_reg_at(const struct virtio *v, enum virtio_reg r);
// Any place of the device's: an address, or a port for legacy PCI.
void virtio_write(const struct virtio *v, uintptr_t at, unsigned width, uint32_t value);

#endif
