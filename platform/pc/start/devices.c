// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What CPL 3 shall have of the machine: devices, pages of their registers, I/O ports.
#include <platform/pc/start/start.h>

uint64_t start_map(struct start *s, uint64_t pa, uint64_t len)
{
	unsigned pages = (unsigned)(((pa & (PAGE_SIZE - 1)) + len + PAGE_SIZE - 1) >> PAGE_SHIFT);
	unsigned first = s->map_pages + 1; // behind a page that is not there

	if (s->map_count == MAPS_MAX || len > s->top || pa > s->top - len)
		return 0;
	s->map[s->map_count].pa = pa & ~(PAGE_SIZE - 1);
	s->map[s->map_count].first = first;
	s->map[s->map_count++].pages = pages;
	s->map_pages += pages;
	return (uint64_t)first * PAGE_SIZE + (pa & (PAGE_SIZE - 1));
}

void start_ports(struct start *s, uint16_t first, unsigned count)
{
	if (first && s->port_count < PORTS_MAX)
		s->port[s->port_count++] = (struct range){ first, first + count };
}

struct pc_device *start_device(struct start *s)
{
	if (s->pc.device_count == PC_DEVICES_MAX) {
		start_note(s, "more than 24 virtio devices; the others are not used", "");
		return NULL;
	}
	__builtin_memset(&s->pc.device[s->pc.device_count], 0, sizeof(s->pc.device[0]));
	return &s->pc.device[s->pc.device_count++];
}

void devices_permit(const struct start *s, uint8_t *bits)
{
	__builtin_memset(bits, 0xff, PORTS / 8 + 1);
	for (unsigned i = 0; i < s->port_count; i++)
		for (uint64_t p = s->port[i].start; p < s->port[i].end && p < PORTS; p++)
			bits[p >> 3] &= (uint8_t)~(1u << (p & 7));
}
