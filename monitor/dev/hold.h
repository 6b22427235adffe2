// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Published ports that the program does not listen on yet. The host's side of a published port
// takes connections from the moment that the instance starts; the guest would refuse them until its
// program listens. So a refusal is held back, and the question put again, until the port has
// answered once or HOLD_NS are over: who connects right after `pith run -d` waits.
//
//	asked     the SYN is on its way to the guest
//	refused   the guest has answered it with RST, which was kept from the gateway; it is asked
//		  again when it is due
//
// A port that has answered once is not held any more: then a refusal is the program's wish.
#ifndef MONITOR_DEV_HOLD_H
#define MONITOR_DEV_HOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <monitor/monitor.h>

#define HOLD_NS 30000000000ull
#define HOLD_MAX 64   // connections; more are refused as they come
#define HOLD_FRAME 78 // a SYN with options

struct hold_port {
	uint16_t port;
	bool answered;
};

struct held {
	bool refused;
	size_t len;          // of the frame; 0: this place is free
	uint64_t since, due; // ns of the clock that the caller has
	uint8_t frame[HOLD_FRAME];
};

struct hold {
	struct hold_port *ports; // TCP ports that are published
	unsigned count;
	struct held held[HOLD_MAX];
};

// Gives 0 or -ENOMEM.
int hold_open(struct hold *h, const struct monitor_port *ports, unsigned count);
void hold_close(struct hold *h);

// A frame from the gateway to the guest passes.
void hold_ask(struct hold *h, const uint8_t *frame, size_t len, uint64_t now);

// A frame from the guest to the gateway: true if it is a refusal that is held back.
bool hold_refusal(struct hold *h, const uint8_t *frame, size_t len, uint64_t now);

// Puts again what is due.
void hold_again(struct hold *h, uint64_t now,
		void (*emit)(void *arg, const uint8_t *frame, size_t len), void *arg);

// When something is due, or UINT64_MAX.
uint64_t hold_due(const struct hold *h);

#endif
