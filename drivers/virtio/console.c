// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The ports of a virtio console, and its start. What is said about ports is in console_control.c.
#include <asm-generic/errno.h>

#include <core/klib.h>
#include <drivers/virtio/console_control.h>

#define F_MULTIPORT (1ull << 1) // virtio 1.1, 5.3.3
#define CONFIG_PORTS 4          // 5.3.4

// Input: many small pieces, since QEMU gives what comes by way of a multiplexer (-nographic) byte by
// byte, each in a buffer of its own, and drops what it finds none for.
#define IN_SLOTS 32
#define OUT_SLOTS 4
#define MUCH (256u << 10) // of memory
#define IN_MUCH 512
#define IN_LITTLE 64
#define OUT_MUCH 2048     // CONSOLE_CHUNK of include/pith/console.h
#define OUT_LITTLE 512
#define LEGACY_ROOM (160u << 10) // of memory: what the queues of several ports take there

static int open_port(struct virtio_console *c, unsigned i)
{
	struct virtio_port *p = &c->port[i];
	unsigned first = i ? 2 * i + 2 : 0; // 5.3.2: 2 and 3 are for control
	struct dma *dma = c->v.dma;
	bool much = dma_left(dma) >= MUCH;
	uint64_t in_pa;
	int r = virtio_queue_open(&c->v, &p->in, first, IN_SLOTS, 1);

	if (!r)
		r = virtio_queue_open(&c->v, &p->out, first + 1, OUT_SLOTS, 1);
	if (r)
		return r;
	p->in_len = much ? IN_MUCH : IN_LITTLE;
	p->out_len = much ? OUT_MUCH : OUT_LITTLE;
	p->in_at = dma_take(dma, p->in_len * p->in.slots, 64, &in_pa);
	p->out_at = dma_take(dma, p->out_len * p->out.slots, 64, &p->out_pa);
	if (!p->in_at || !p->out_at)
		return virtio_lose(&c->v, "gets no memory for its buffers");
	for (unsigned s = 0; s < p->in.slots; s++) {
		struct virtio_part part = { in_pa + s * p->in_len, p->in_len };

		virtio_add(&p->in, &part, 0, 1);
	}
	return 0;
}

int virtio_console_open(struct virtio_console *c, const struct pc_device *d, struct dma *dma)
{
	bool several;
	int r;

	*c = (struct virtio_console){ .ports = 1 };
	r = virtio_reset(&c->v, d, dma);
	several = virtio_has(&c->v, F_MULTIPORT) &&
		  (virtio_has(&c->v, VIRTIO_F_VERSION_1) || dma_left(dma) >= LEGACY_ROOM);
	if (!r)
		r = virtio_agree(&c->v, several ? F_MULTIPORT : 0);
	if (several)
		c->ports = MAX(MIN(virtio_config(&c->v, CONFIG_PORTS, 4), CONSOLE_PORTS), 1u);
	for (unsigned i = 0; !r && i < c->ports; i++)
		r = open_port(c, i);
	if (!r && several)
		r = console_control_open(c);
	if (r)
		return r;
	if (!several)
		c->port[0].added = c->port[0].settled = c->port[0].open = true;
	virtio_ready(&c->v);
	for (unsigned i = 0; i < c->ports; i++)
		virtio_kick(&c->port[i].in);
	if (several)
		console_control_start(c);
	return 0;
}

struct virtio_port *virtio_console_port(struct virtio_console *c, const char *name)
{
	for (unsigned i = 0; i < c->ports; i++) {
		struct virtio_port *p = &c->port[i];

		if (name ? p->name[0] && !strcmp(p->name, name) : !i)
			return p;
	}
	return NULL;
}

// Some of the first buffer that has come.
static uint32_t read_piece(struct virtio_port *p, unsigned slot, uint32_t len, void *buf,
			   unsigned long n)
{
	uint32_t piece = len > p->read ? (uint32_t)MIN(n, len - p->read) : 0;

	memcpy(buf, p->in_at + slot * p->in_len + p->read, piece);
	p->read += piece;
	if (p->read >= len) {
		p->read = 0;
		virtio_again(&p->in);
	}
	return piece;
}

long virtio_port_read(struct virtio_port *p, void *buf, unsigned long n)
{
	unsigned long done = 0;
	int slot = -EAGAIN;
	uint32_t len;

	while (done < n && (slot = virtio_next(&p->in, &len)) >= 0)
		done += read_piece(p, (unsigned)slot, len, (uint8_t *)buf + done, n - done);
	virtio_kick(&p->in);
	return done ? (long)done : slot < 0 ? slot : -EAGAIN;
}

static void reap(struct virtio_port *p)
{
	uint32_t unused;

	while (virtio_next(&p->out, &unused) >= 0)
		virtio_pop(&p->out);
}

bool virtio_port_writable(struct virtio_port *p)
{
	reap(p);
	return p->out.v->why || !p->open || !virtio_full(&p->out);
}

bool virtio_port_drained(struct virtio_port *p)
{
	reap(p);
	return p->out.v->why || p->out.added == p->out.taken;
}

long virtio_port_write(struct virtio_port *p, const void *buf, unsigned long n)
{
	struct virtio_part part;

	if (!virtio_port_writable(p))
		return -EAGAIN;
	if (p->out.v->why)
		return -EIO;
	if (!p->open)
		return (long)n;
	part.len = (uint32_t)MIN(n, p->out_len);
	part.pa = p->out_pa + p->out.next * p->out_len;
	memcpy(p->out_at + p->out.next * p->out_len, buf, part.len);
	virtio_add(&p->out, &part, 1, 0);
	virtio_kick(&p->out);
	return part.len;
}

bool virtio_port_arm(struct virtio_port *p, bool in, bool out)
{
	bool any = false;

	if (in)
		any = virtio_arm(&p->in);
	if (out)
		any |= virtio_arm(&p->out);
	return any;
}

void virtio_port_disarm(struct virtio_port *p)
{
	virtio_disarm(&p->in);
	virtio_disarm(&p->out);
}
