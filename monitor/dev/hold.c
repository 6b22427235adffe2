// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <monitor/dev/hold.h>

#define HEADERS 54 // Ethernet, IPv4 and TCP without options
#define MS 1000000ull

enum { FLAG_SYN = 0x02, FLAG_RST = 0x04, FLAG_ACK = 0x10 }; // RFC 9293, 3.1

// Offsets in a frame.
enum {
	AT_TYPE = 12,
	AT_IP = 14,
	AT_PROTOCOL = 23,
	AT_FROM = 26,
	AT_TO = 30,
	AT_TCP = 34,
	AT_FLAGS = 47
};

int hold_open(struct hold *h, const struct monitor_port *ports, unsigned count)
{
	memset(h, 0, sizeof(*h));
	h->ports = calloc(count + 1, sizeof(*h->ports));
	if (!h->ports)
		return -ENOMEM;
	for (unsigned i = 0; i < count; i++) {
		if (!ports[i].udp)
			h->ports[h->count++].port = ports[i].guest;
	}
	return 0;
}

void hold_close(struct hold *h)
{
	free(h->ports);
	h->ports = NULL;
	h->count = 0;
}

static bool is_tcp(const uint8_t *f, size_t len)
{
	return len >= HEADERS && f[AT_TYPE] == 8 && !f[AT_TYPE + 1] && f[AT_IP] == 0x45 &&
	       f[AT_PROTOCOL] == 6;
}

// Marks the port in `at` (network order) as one that has answered; gives whether it is held.
static bool held_port(struct hold *h, const uint8_t *at, bool answers)
{
	uint16_t port = (uint16_t)(at[0] << 8 | at[1]);

	for (unsigned i = 0; i < h->count; i++) {
		if (h->ports[i].port != port)
			continue;
		h->ports[i].answered |= answers;
		return !h->ports[i].answered;
	}
	return false;
}

// The place of the connection that the SYN `f` asks for, or a free one, or NULL.
static struct held *place_of(struct hold *h, const uint8_t *f)
{
	struct held *free_place = NULL;

	for (unsigned i = 0; i < HOLD_MAX; i++) {
		struct held *p = &h->held[i];

		if (!p->len)
			free_place = p;
		else if (!memcmp(p->frame + AT_FROM, f + AT_FROM, 12))
			return p;
	}
	return free_place;
}

void hold_ask(struct hold *h, const uint8_t *f, size_t len, uint64_t now)
{
	struct held *p;

	if (!is_tcp(f, len) || len > HOLD_FRAME || (f[AT_FLAGS] & (FLAG_SYN | FLAG_ACK)) != FLAG_SYN ||
	    !held_port(h, f + AT_TCP + 2, false))
		return;
	p = place_of(h, f);
	if (!p)
		return;
	if (!p->len)
		p->since = now;
	p->refused = false;
	p->len = len;
	memcpy(p->frame, f, len);
}

// The connection that this frame of the guest's belongs to, or NULL.
static struct held *find(struct hold *h, const uint8_t *f)
{
	for (unsigned i = 0; i < HOLD_MAX; i++) {
		struct held *p = &h->held[i];

		if (p->len && !memcmp(p->frame + AT_FROM, f + AT_TO, 4) &&
		    !memcmp(p->frame + AT_TO, f + AT_FROM, 4) &&
		    !memcmp(p->frame + AT_TCP, f + AT_TCP + 2, 2) &&
		    !memcmp(p->frame + AT_TCP + 2, f + AT_TCP, 2))
			return p;
	}
	return NULL;
}

// At first often, because most programs listen soon.
static uint64_t pause_of(uint64_t waited)
{
	return waited < 100 * MS ? MS : 10 * MS;
}

bool hold_refusal(struct hold *h, const uint8_t *f, size_t len, uint64_t now)
{
	struct held *p;

	if (!h->count || !is_tcp(f, len) || !(f[AT_FLAGS] & (FLAG_SYN | FLAG_RST)))
		return false;
	p = find(h, f);
	if (!p)
		return false;
	if (held_port(h, f + AT_TCP, f[AT_FLAGS] & FLAG_SYN) && now - p->since < HOLD_NS) {
		p->refused = true;
		p->due = now + pause_of(now - p->since);
		return true;
	}
	p->len = 0;
	return false;
}

void hold_again(struct hold *h, uint64_t now,
		void (*emit)(void *arg, const uint8_t *frame, size_t len), void *arg)
{
	for (unsigned i = 0; i < HOLD_MAX; i++) {
		struct held *p = &h->held[i];

		if (p->len && p->refused && p->due <= now) {
			p->refused = false;
			emit(arg, p->frame, p->len);
		}
	}
}

uint64_t hold_due(const struct hold *h)
{
	uint64_t due = UINT64_MAX;

	for (unsigned i = 0; i < HOLD_MAX; i++) {
		if (h->held[i].len && h->held[i].refused && h->held[i].due < due)
			due = h->held[i].due;
	}
	return due;
}
