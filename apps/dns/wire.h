// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// A response under construction: a bounded buffer, and the compression of names in it.
//
// A name that has been written is found again through its node: node->offset is where, and holds
// only while node->stamp is that of this message, so that starting a message clears nothing. The
// log of stamped nodes lets a record that did not fit be taken back.
#ifndef DNS_WIRE_H
#define DNS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "zone.h"

#define WIRE_LOG 2048 // names beyond are written, but not pointed at

struct wire {
	uint8_t *p;
	unsigned len;
	unsigned limit;    // what a response may use; never more than the buffer
	int over;          // something did not fit and was left out
	uint32_t stamp;    // never 0; a new one for each message
	unsigned logged;
	struct node *log[WIRE_LOG];
};

// Starts a message. The zone is needed once in 2^32 messages, when stamps are used up.
void wire_start(struct wire *w, struct zone *z, uint8_t *p, unsigned limit);

// Says that the node's name, and with it its ancestors', is at this offset.
void wire_mark(struct wire *w, struct node *node, unsigned offset);

// Writes a record, or changes nothing and returns 0.
int wire_record(struct wire *w, struct node *owner, const struct rr *rr);

// Takes back what was written since len was mark.
void wire_rollback(struct wire *w, unsigned mark);

#endif
