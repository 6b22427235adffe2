// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What host and guest say about ports (virtio 1.1, 5.3.6.2). The guest says that it is there; the
// host announces each port; the guest answers that the port is ready; the host says what it is: the
// console, or its name, and whether somebody is at its end. The guest opens every port.
#include <core/klib.h>
#include <drivers/virtio/console_control.h>

enum console_event {
	DEVICE_READY,
	DEVICE_ADD,
	DEVICE_REMOVE,
	PORT_READY,
	CONSOLE_PORT,
	RESIZE,
	PORT_OPEN,
	PORT_NAME,
};

struct console_control {
	uint32_t id;
	uint16_t event, value;
};

#define IN_SLOTS 16 // QEMU drops what it finds no buffer for
#define IN_LEN 64u  // with a name
#define OUT_SLOTS 8

int console_control_open(struct virtio_console *c)
{
	int r = virtio_queue_open(&c->v, &c->control_in, 2, IN_SLOTS, 1);

	if (!r)
		r = virtio_queue_open(&c->v, &c->control_out, 3, OUT_SLOTS, 1);
	if (r)
		return r;
	c->control_at = dma_take(c->v.dma, IN_LEN * IN_SLOTS, 8, &c->control_pa);
	c->answer = dma_take(c->v.dma, sizeof(*c->answer) * OUT_SLOTS, 8, &c->answer_pa);
	if (!c->control_at || !c->answer)
		return virtio_lose(&c->v, "gets no memory for its buffers");
	for (unsigned s = 0; s < c->control_in.slots; s++) {
		struct virtio_part part = { c->control_pa + s * IN_LEN, IN_LEN };

		virtio_add(&c->control_in, &part, 0, 1);
	}
	return 0;
}

static bool can_answer(struct virtio_console *c)
{
	uint32_t unused;

	while (virtio_next(&c->control_out, &unused) >= 0)
		virtio_pop(&c->control_out);
	return !virtio_full(&c->control_out);
}

static void answer(struct virtio_console *c, uint32_t id, enum console_event event)
{
	unsigned at = c->control_out.next;
	struct virtio_part part = { c->answer_pa + at * sizeof(*c->answer), sizeof(*c->answer) };

	c->answer[at] = (struct console_control){ .id = id, .event = (uint16_t)event, .value = 1 };
	virtio_add(&c->control_out, &part, 1, 0);
	virtio_kick(&c->control_out);
}

void console_control_start(struct virtio_console *c)
{
	virtio_kick(&c->control_in);
	answer(c, 0, DEVICE_READY);
}

// m is a copy. The name behind it has no NUL.
static void serve(struct virtio_console *c, const struct console_control *m, const uint8_t *name,
		  uint32_t len)
{
	struct virtio_port *p = &c->port[m->id];

	if (m->event == DEVICE_ADD) {
		p->added = true;
		answer(c, m->id, PORT_READY);
	} else if (m->event == DEVICE_REMOVE) {
		p->added = p->open = false;
		p->name[0] = 0;
	} else if (m->event == PORT_OPEN) {
		p->open = m->value;
	} else if (m->event == CONSOLE_PORT || m->event == PORT_NAME) {
		if (m->event == PORT_NAME) {
			len = MIN(len, (uint32_t)CONSOLE_NAME_MAX);
			memcpy(p->name, name, len);
			p->name[len] = 0;
		} else {
			p->open = true;
		}
		p->settled = true;
		answer(c, m->id, PORT_OPEN);
	}
}

void virtio_console_pump(struct virtio_console *c)
{
	struct console_control m;
	uint32_t len;
	int slot;

	if (!c->answer)
		return;
	while (can_answer(c) && (slot = virtio_next(&c->control_in, &len)) >= 0) {
		const uint8_t *at = c->control_at + (unsigned)slot * IN_LEN;

		if (len >= sizeof(m)) {
			memcpy(&m, at, sizeof(m));
			if (m.id < c->ports)
				serve(c, &m, at + sizeof(m), len - (uint32_t)sizeof(m));
		}
		virtio_again(&c->control_in);
		virtio_kick(&c->control_in);
	}
}

bool virtio_console_settled(const struct virtio_console *c)
{
	bool any = false;

	for (unsigned i = 0; i < c->ports; i++) {
		if (c->port[i].added && !c->port[i].settled)
			return false;
		any |= c->port[i].added;
	}
	return any;
}

bool virtio_console_arm(struct virtio_console *c)
{
	virtio_ack(&c->v);
	return c->answer && virtio_arm(&c->control_in);
}
