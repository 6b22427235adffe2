// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A virtio device for unit tests, behind any of the transports: its registers, and the device's
// side of its queues. It ends the test when the driver breaks a rule of virtio 1.1.
#ifndef TESTS_VIRTIO_DEVICE_H
#define TESTS_VIRTIO_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <drivers/dma.h>
#include <pith/pc.h>

#define FAKE_QUEUES 12
#define FAKE_EVENT_IDX (1ull << 29)
#define FAKE_VERSION_1 (1ull << 32)
#define FAKE_FAILED 128

enum fake_kind {
	FAKE_MMIO,
	FAKE_MMIO_1,
	FAKE_PCI,
	FAKE_PCI_MSIX,
	FAKE_LEGACY,
	FAKE_LEGACY_MSIX,
	FAKE_KINDS
};

struct fake_queue {
	uint16_t max, size, vector;
	uint32_t ready, pfn, align;
	uint64_t desc, avail, used;
	uint16_t taken, given; // how far the device is in the available and in the used ring
	uint16_t signalled;    // `given` when the driver was last interrupted
};

struct fake {
	enum fake_kind kind;
	uint64_t features, accepted;
	uint8_t status;
	uint32_t feature_sel, driver_sel, sel;
	struct fake_queue queue[FAKE_QUEUES];
	uint8_t config[64];
	uint8_t generation;
	uint8_t isr;
	bool stuck;        // it cannot be reset
	bool contrary;     // it refuses features
	bool no_vector;    // it takes no MSI-X vector
	unsigned resets, kicks, interrupts, acks;
	void (*on_kick)(struct fake *f, unsigned queue); // or NULL
	struct pc_device device; // what the driver is given
	struct dma dma;
};

extern struct fake *fake; // the device that registers are of

// A device of this kind with queues of 256, and memory: `room` bytes of DMA, 1 MiB of RAM.
struct fake *fake_new(enum fake_kind kind, uint64_t features, size_t room);
void fake_free(struct fake *f);
bool fake_modern(const struct fake *f);
uint8_t *fake_ram(const struct fake *f);

struct fake_part {
	uint8_t *at;
	uint32_t len;
	bool in;
};

// The device takes the next request: its head and its parts. -1: there is none.
int fake_take(struct fake *f, unsigned queue, struct fake_part *parts, unsigned max,
	      unsigned *count);
// The device gives it back, and interrupts if it is asked to.
void fake_give(struct fake *f, unsigned queue, uint32_t head, uint32_t len);
// Raw access for devices that lie.
uint16_t *fake_used_index(struct fake *f, unsigned queue);
uint32_t *fake_used_entry(struct fake *f, unsigned queue, uint16_t index);

#endif
