// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A virtio device's start and end: see virtio.h. The sequence is virtio 1.1, 3.1.1.
#include <asm-generic/errno.h>

#include <drivers/io.h>
#include <drivers/virtio/registers.h>

#define STATUS_ACKNOWLEDGE 1 // virtio 1.1, 2.1
#define STATUS_DRIVER 2
#define STATUS_DRIVER_OK 4
#define STATUS_FEATURES_OK 8
#define STATUS_FAILED 128

#define RESET_TRIES 100000 // an access is a microsecond or more: a tenth of a second at least

static struct {
	const struct pc_device *device;
	const char *why;
} lost;

static bool modern(const struct virtio *v)
{
	return !virtio_has_reg(v, REG_QUEUE_PFN);
}

static void add_status(const struct virtio *v, unsigned bit)
{
	virtio_set(v, REG_STATUS, virtio_get(v, REG_STATUS) | bit);
}

int virtio_lose(struct virtio *v, const char *why)
{
	if (v->why)
		return -EIO;
	v->why = why;
	if (v->layout) {
		virtio_set(v, REG_STATUS, 0);
		virtio_set(v, REG_STATUS, STATUS_FAILED);
	}
	if (v->ready) {
		lost.device = v->device;
		lost.why = why;
	}
	return -EIO;
}

const struct pc_device *virtio_lost(const char **why)
{
	const struct pc_device *d = lost.device;

	lost.device = NULL;
	*why = lost.why;
	return d;
}

static uint64_t offered(const struct virtio *v)
{
	uint64_t high = 0;

	if (virtio_has_reg(v, REG_FEATURES_SEL)) {
		virtio_set(v, REG_FEATURES_SEL, 1);
		high = virtio_get(v, REG_FEATURES);
		virtio_set(v, REG_FEATURES_SEL, 0);
	}
	return high << 32 | virtio_get(v, REG_FEATURES);
}

int virtio_agree(struct virtio *v, uint64_t wanted)
{
	wanted |= VIRTIO_F_EVENT_IDX;
	if (modern(v))
		wanted |= VIRTIO_F_VERSION_1 | VIRTIO_F_ACCESS_PLATFORM;
	v->features &= wanted;
	if (modern(v) && !virtio_has(v, VIRTIO_F_VERSION_1))
		return virtio_lose(v, "does not keep to virtio 1");
	virtio_set(v, REG_DRIVER_SEL, 0);
	virtio_set(v, REG_DRIVER, (uint32_t)v->features);
	if (!modern(v))
		return 0;
	virtio_set(v, REG_DRIVER_SEL, 1);
	virtio_set(v, REG_DRIVER, (uint32_t)(v->features >> 32));
	add_status(v, STATUS_FEATURES_OK);
	if (!(virtio_get(v, REG_STATUS) & STATUS_FEATURES_OK))
		return virtio_lose(v, "refuses its own features");
	return 0;
}

int virtio_reset(struct virtio *v, const struct pc_device *d, struct dma *dma)
{
	*v = (struct virtio){ .device = d, .dma = dma, .layout = virtio_find_layout(d) };
	if (!v->layout)
		return virtio_lose(v, "has too few registers");
	virtio_set(v, REG_STATUS, 0);
	for (int i = 0; virtio_get(v, REG_STATUS); i++)
		if (i == RESET_TRIES)
			return virtio_lose(v, "cannot be reset");
	virtio_set(v, REG_PAGE_SIZE, 4096);
	add_status(v, STATUS_ACKNOWLEDGE);
	add_status(v, STATUS_DRIVER);
	v->features = offered(v);
	return 0;
}

int virtio_open(struct virtio *v, const struct pc_device *d, struct dma *dma, uint64_t wanted)
{
	int r = virtio_reset(v, d, dma);

	return r ? r : virtio_agree(v, wanted);
}

void virtio_ready(struct virtio *v)
{
	add_status(v, STATUS_DRIVER_OK);
	v->ready = true;
}

// With MSI-X there is no line. MMIO: 1 is for queues, 2 for the configuration.
void virtio_ack(struct virtio *v)
{
	if (v->device->msix || v->why)
		return;
	virtio_set(v, REG_ACK, 3);
	virtio_get(v, REG_ISR);
	if (v->device->transport == PC_VIRTIO_PCI && v->device->isr)
		mmio_read8(v->device->isr);
}
