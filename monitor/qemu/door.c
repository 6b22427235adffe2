// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <string.h>

#include <monitor/qemu/door.h>

#define STATUS_MAX 255

// A whole head is there: is it one that may come now?
static bool allowed(const struct qemu_door *d)
{
	switch (d->head.kind) {
	case PC_STARTED: return !d->started;
	case PC_AREA: return d->asked && d->head.value == sizeof(d->area);
	case PC_EXIT: return d->head.value <= STATUS_MAX;
	default: return false;
	}
}

static size_t body_len(const struct qemu_door *d)
{
	return d->head.kind == PC_AREA ? sizeof(d->area) : 0;
}

static void act(struct qemu_door *d)
{
	switch (d->head.kind) {
	case PC_STARTED:
		d->started = true;
		break;
	case PC_AREA:
		d->asked = false;
		d->answered = true;
		break;
	case PC_EXIT:
		d->exited = true;
		d->status = (int)d->head.value;
		break;
	default:
		break;
	}
	d->have = 0;
}

// Copies as much as is wanted of what is there. Gives how much that was.
static size_t gather(void *to, size_t have, size_t want, const uint8_t *bytes, size_t len)
{
	size_t n = want - have < len ? want - have : len;

	memcpy((uint8_t *)to + have, bytes, n);
	return n;
}

bool door_take(struct qemu_door *d, const uint8_t *bytes, size_t len)
{
	const size_t head = sizeof(d->head);

	while (len && !d->broken && !d->exited) {
		size_t n;

		if (d->have < head)
			n = gather(&d->head, d->have, head, bytes, len);
		else
			n = gather(&d->area, d->have - head, body_len(d), bytes, len);
		d->have += n;
		bytes += n;
		len -= n;
		if (d->have == head && !allowed(d))
			d->broken = true;
		else if (d->have >= head && d->have == head + body_len(d))
			act(d);
	}
	return !d->broken;
}
