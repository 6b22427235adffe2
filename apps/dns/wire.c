// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// A response under construction; see wire.h.
#include "wire.h"

#include "proto.h"

static void stamps_clear(struct zone *z)
{
	for (uint32_t i = 0; i < z->slots; i++) {
		for (struct node *n = z->table[i]; n; n = n->next) {
			n->stamp = 0;
			for (struct rrset *s = n->rrsets; s; s = s->next)
				s->stamp = 0;
		}
	}
	if (z->soa_negative)
		z->soa_negative->stamp = 0;
}

void wire_start(struct wire *w, struct zone *z, uint8_t *p, unsigned limit)
{
	w->p = p;
	w->len = 0;
	w->limit = limit;
	w->over = 0;
	w->logged = 0;
	if (!++w->stamp) {
		stamps_clear(z);
		w->stamp = 1;
	}
}

static void wire_stamp(struct wire *w, struct node *node, unsigned offset)
{
	if (offset > DNS_POINTER_MAX || w->logged == WIRE_LOG)
		return;
	node->stamp = w->stamp;
	node->offset = (uint16_t)offset;
	w->log[w->logged++] = node;
}

void wire_mark(struct wire *w, struct node *node, unsigned offset)
{
	for (; node->parent; node = node->parent) {
		wire_stamp(w, node, offset);
		offset += node->name[0] + 1u;
	}
}

void wire_rollback(struct wire *w, unsigned mark)
{
	while (w->logged && w->log[w->logged - 1]->offset >= mark)
		w->log[--w->logged]->stamp = 0;
	w->len = mark;
	w->over = 0;
}

static void wire_put(struct wire *w, const uint8_t *data, unsigned n)
{
	if (w->over || n > w->limit - w->len) {
		w->over = 1;
		return;
	}
	copy_short(w->p + w->len, data, n);
	w->len += n;
}

static void wire_name(struct wire *w, struct node *node)
{
	uint8_t pointer[2];

	for (; node->parent && node->stamp != w->stamp; node = node->parent) {
		wire_stamp(w, node, w->len);
		wire_put(w, node->name, node->name[0] + 1u);
	}
	if (node->parent) {
		put16(pointer, 0xc000u | node->offset);
		wire_put(w, pointer, 2);
	} else {
		wire_put(w, (const uint8_t *)"", 1);
	}
}

int wire_record(struct wire *w, struct node *owner, const struct rr *rr)
{
	const uint8_t *data = rr_data(rr);
	unsigned mark = w->len, start;

	wire_name(w, owner);
	start = w->len + RR_FIXED;
	wire_put(w, data, rr->head);
	for (unsigned i = 0; i < rr->names; i++) {
		if (rr->compress)
			wire_name(w, rr->name[i]);
		else
			wire_put(w, rr->name[i]->name, rr->name[i]->len);
	}
	wire_put(w, data + rr->head, rr->tail);
	if (w->over) {
		wire_rollback(w, mark);
		return 0;
	}
	if (rr->names)
		put16(w->p + start - 2, w->len - start);
	return 1;
}
