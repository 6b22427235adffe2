// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Split virtqueues (virtio 1.1, 2.6): see virtio.h. Memory of a queue is
//
//	descriptors, 16 bytes each | available ring | used ring | room, which the device has no use for
//
// Slot n has the descriptors from n * chain on. A slot goes free -> with the device (virtio_add) ->
// done (virtio_next) -> free (virtio_pop) or with the device again (virtio_again); room says which
// are not free, so that a device cannot give back what it does not have.
#include <asm-generic/errno.h>

#include <core/klib.h>
#include <drivers/io.h>
#include <drivers/virtio/registers.h>

#define DESC_NEXT 1 // virtio 1.1, 2.6.5
#define DESC_WRITE 2
#define NO_INTERRUPT 1 // 2.6.6, where there is no event index
#define NO_NOTIFY 1    // 2.6.8
#define DESCS_MAX 32768
#define LEGACY_ALIGN 4096 // of the used ring
#define ALIGN 64          // where we may choose

struct virtio_desc {
	uint64_t pa;
	uint32_t len;
	uint16_t flags, next;
};

static uint16_t *used_event(const struct virtio_queue *q)
{
	return q->avail + 2 + q->size;
}

static uint16_t avail_event(const struct virtio_queue *q)
{
	return __atomic_load_n(q->used + 2 + 4 * q->size, __ATOMIC_RELAXED);
}

static uint16_t used_index(const struct virtio_queue *q)
{
	return __atomic_load_n(&q->used[1], __ATOMIC_ACQUIRE);
}

// The size for `want` descriptors, or 0.
static uint16_t choose_size(const struct virtio *v, uint32_t max, unsigned want)
{
	uint32_t size = 1;

	if (!virtio_has_reg(v, REG_QUEUE_SIZE))
		return max > DESCS_MAX || (max & (max - 1)) ? 0 : (uint16_t)max;
	while (size < want)
		size *= 2;
	while (size > max)
		size /= 2;
	return (uint16_t)size;
}

static void set64(const struct virtio *v, enum virtio_reg r, uint64_t pa)
{
	uintptr_t at = virtio_reg_at(v, r);

	virtio_write(v, at, 4, (uint32_t)pa);
	virtio_write(v, at + 4, 4, (uint32_t)(pa >> 32));
}

// Where to tell the device of the queue, or 0.
static uintptr_t find_notify(const struct virtio *v)
{
	const struct pc_device *d = v->device;
	uint64_t off;

	if (d->transport != PC_VIRTIO_PCI)
		return virtio_reg_at(v, REG_NOTIFY);
	off = (uint64_t)virtio_get(v, REG_NOTIFY_OFF) * d->notify_multiplier;
	return d->notify_len >= 2 && off <= d->notify_len - 2u ? d->notify + off : 0;
}

// Tells the device where the queue is.
static int place(struct virtio *v, struct virtio_queue *q, uint64_t pa, size_t avail, size_t used)
{
	virtio_set(v, REG_QUEUE_SIZE, q->size);
	if (v->device->msix) {
		virtio_set(v, REG_QUEUE_VECTOR, 0);
		if (virtio_get(v, REG_QUEUE_VECTOR))
			return virtio_lose(v, "takes no interrupt vector");
	}
	if (virtio_has_reg(v, REG_QUEUE_PFN)) {
		virtio_set(v, REG_QUEUE_ALIGN, ALIGN);
		virtio_set(v, REG_QUEUE_PFN, (uint32_t)(pa >> 12));
		return 0;
	}
	set64(v, REG_QUEUE_DESC, pa);
	set64(v, REG_QUEUE_AVAIL, pa + avail);
	set64(v, REG_QUEUE_USED, pa + used);
	virtio_set(v, REG_QUEUE_READY, 1);
	return 0;
}

int virtio_queue_open(struct virtio *v, struct virtio_queue *q, unsigned index, unsigned slots,
		      unsigned chain)
{
	bool legacy = virtio_has_reg(v, REG_QUEUE_PFN);
	size_t align, avail, used;
	uint64_t pa, unused;
	uint16_t size;

	virtio_set(v, REG_QUEUE_SEL, index);
	size = choose_size(v, virtio_get(v, REG_QUEUE_MAX), slots * chain);
	if (size < chain)
		return virtio_lose(v, "has too few queues, or too small ones");
	align = legacy && !virtio_has_reg(v, REG_QUEUE_ALIGN) ? LEGACY_ALIGN : ALIGN;
	avail = sizeof(struct virtio_desc) * size;
	used = (avail + 2 * (3u + size) + align - 1) & ~(align - 1);
	*q = (struct virtio_queue){ .v = v,
				    .index = (uint16_t)index,
				    .size = size,
				    .chain = (uint16_t)chain,
				    .slots = (uint16_t)MIN(size / chain, slots),
				    .notify = find_notify(v) };
	if (!q->notify)
		return virtio_lose(v, "cannot be told of its queues");
	q->desc = dma_take(v->dma, used + 2 * 3 + 8u * size, legacy ? LEGACY_ALIGN : ALIGN, &pa);
	q->room = dma_take(v->dma, sizeof(*q->room) * q->slots, sizeof(*q->room), &unused);
	if (!q->desc || !q->room) {
		virtio_lose(v, "gets no memory for its queues");
		return -ENOMEM;
	}
	q->avail = (uint16_t *)((uint8_t *)q->desc + avail);
	q->used = (uint16_t *)((uint8_t *)q->desc + used);
	*used_event(q) = UINT16_MAX;
	virtio_disarm(q);
	return place(v, q, pa, avail, used);
}

static void offer(struct virtio_queue *q, unsigned slot)
{
	q->avail[2 + (q->added & (q->size - 1))] = (uint16_t)(slot * q->chain);
	q->added++;
	__atomic_store_n(&q->avail[1], q->added, __ATOMIC_RELEASE);
}

int virtio_add(struct virtio_queue *q, const struct virtio_part *parts, unsigned out, unsigned in)
{
	unsigned slot = q->next, first = slot * q->chain, count = out + in;
	uint32_t room = 1;

	if (virtio_full(q))
		return -EAGAIN;
	for (unsigned i = 0; i < count; i++) {
		struct virtio_desc *d = &q->desc[first + i];

		d->pa = parts[i].pa;
		d->len = parts[i].len;
		d->flags = (i + 1 < count ? DESC_NEXT : 0) | (i < out ? 0 : DESC_WRITE);
		d->next = (uint16_t)(first + i + 1);
		room += i < out ? 0 : parts[i].len;
	}
	q->room[slot] = room;
	q->next = slot + 1u < q->slots ? (uint16_t)(slot + 1) : 0;
	offer(q, slot);
	return (int)slot;
}

int virtio_next(struct virtio_queue *q, uint32_t *len)
{
	const volatile uint32_t *entry;
	uint16_t done;
	uint32_t id, slot;

	if (q->v->why)
		return -EIO;
	done = (uint16_t)(used_index(q) - q->taken);
	if (!done)
		return -EAGAIN;
	if (done > (uint16_t)(q->added - q->taken))
		return virtio_lose(q->v, "answered more than it was asked");
	entry = (const uint32_t *)(q->used + 2) + 2 * (q->taken & (q->size - 1));
	id = entry[0];
	*len = entry[1];
	slot = id / q->chain;
	if (slot >= q->slots || id % q->chain || !q->room[slot])
		return virtio_lose(q->v, "answered what it was not asked");
	if (q->room[slot] == 1) // some count what they have read
		*len = 0;
	if (*len >= q->room[slot])
		return virtio_lose(q->v, "says that it wrote more than there was room for");
	q->current = (uint16_t)slot;
	return (int)slot;
}

void virtio_pop(struct virtio_queue *q)
{
	q->room[q->current] = 0;
	q->taken++;
}

void virtio_again(struct virtio_queue *q)
{
	q->taken++;
	offer(q, q->current);
}

void virtio_kick(struct virtio_queue *q)
{
	uint16_t new = (uint16_t)(q->added - q->told);
	bool wanted;

	if (!new || q->v->why)
		return;
	q->told = q->added;
	io_mb();
	if (virtio_has(q->v, VIRTIO_F_EVENT_IDX))
		wanted = (uint16_t)(q->added - avail_event(q) - 1) < new;
	else
		wanted = !(__atomic_load_n(&q->used[0], __ATOMIC_RELAXED) & NO_NOTIFY);
	if (wanted)
		virtio_write(q->v, q->notify, q->v->layout->reg[REG_NOTIFY].width, q->index);
}

bool virtio_arm(struct virtio_queue *q)
{
	if (q->v->why)
		return false;
	if (virtio_has(q->v, VIRTIO_F_EVENT_IDX))
		__atomic_store_n(used_event(q), q->taken, __ATOMIC_RELAXED);
	else
		__atomic_store_n(&q->avail[0], 0, __ATOMIC_RELAXED);
	io_mb();
	return used_index(q) != q->taken;
}

// An event index that has been passed asks for nothing.
void virtio_disarm(struct virtio_queue *q)
{
	if (!virtio_has(q->v, VIRTIO_F_EVENT_IDX))
		__atomic_store_n(&q->avail[0], NO_INTERRUPT, __ATOMIC_RELAXED);
}
