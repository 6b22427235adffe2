// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A record of the guest's on its way through a named network: the header as it comes, then the frame, in memory that ends where it
// ends. What is cut must be what was there; what is let out must say who it is from.
#include <stdlib.h>
#include <string.h>

#include <monitor/dev/frame.h>
#include <monitor/dev/hold.h>
#include <monitor/dev/names.h>

#define MEMBER 5

static size_t cut;

static uint8_t find(void *arg, const char *name)
{
	return !strcmp(name, "web") ? MEMBER : 0;
}

static const char *name_of(void *arg, uint8_t member)
{
	return member == MEMBER ? "web" : NULL;
}

static void take(void *arg, const uint8_t *frame, size_t len)
{
	size_t *whole = arg;

	if (len < 54 || len > *whole || memcmp(frame + 6, "\2p", 2))
		__builtin_trap();
	cut += len;
}

static void check_source(const uint8_t *frame)
{
	uint32_t me = frame_v4(MEMBER);

	if (frame_member_of(frame + 6) != MEMBER || (frame[12] == 8 && !frame[13] && memcmp(frame + 26, &me, 4)))
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const struct names names = { .network = "ramp", .find = find, .name_of = name_of };
	static const struct monitor_port port = { .guest = 80 };
	static struct hold hold;
	uint8_t reply[NAMES_FRAME_MAX], *frame;
	struct net_header h;
	size_t len;

	if (!hold.ports && hold_open(&hold, &port, 1))
		return 0;
	if (size < sizeof(h) || size > sizeof(h) + NET_FRAME_MAX)
		return 0;
	memcpy(&h, bytes, sizeof(h));
	len = size - sizeof(h);
	frame = malloc(len ? len : 1);
	memcpy(frame, bytes + sizeof(h), len);
	hold_ask(&hold, frame, len, 1);
	hold_refusal(&hold, frame, len, 2);
	if (frame_allowed(frame, len, MEMBER)) {
		check_source(frame);
		if (names_frame(&names, frame, len, reply) > NAMES_FRAME_MAX)
			__builtin_trap();
		frame_cut(&h, frame, len, take, &len);
		frame_finish(&h, frame, len);
	}
	free(frame);
	return 0;
}
