// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A virtio console (virtio 1.1, 5.3): one port, or several with names. Ports are read and written
// like the descriptors of include/pith/console.h.
//
// Names come when the host has answered, so ports are looked for again after each pump. What is
// written to a port that the host has not opened is dropped, as the host would do.
#ifndef DRIVERS_VIRTIO_CONSOLE_H
#define DRIVERS_VIRTIO_CONSOLE_H

#include <drivers/virtio/virtio.h>

#define CONSOLE_PORTS 4 // those that follow are not used
#define CONSOLE_NAME_MAX 16

struct virtio_port {
	struct virtio_queue in, out;
	const uint8_t *in_at; // in_len bytes for each slot
	uint8_t *out_at;      // out_len bytes for each slot
	uint64_t out_pa;
	uint32_t in_len, out_len;
	uint32_t read; // bytes of the first buffer that were read already
	bool added;    // the host has announced it
	bool settled;  // and said what it is
	bool open;     // somebody is at the host's end
	char name[CONSOLE_NAME_MAX + 1];
};

struct virtio_console {
	struct virtio v;
	struct virtio_queue control_in, control_out; // with several ports
	const uint8_t *control_at;
	struct console_control *answer;
	uint64_t control_pa, answer_pa;
	unsigned ports;
	struct virtio_port port[CONSOLE_PORTS]; // the first is the console
};

// Takes some 24 KiB of memory if there is little, else 100. Legacy devices have one port only where
// there is little. Gives 0, -EIO or -ENOMEM (c->v.why).
int virtio_console_open(struct virtio_console *c, const struct pc_device *d, struct dma *dma);

// Serves what the host says of its ports.
void virtio_console_pump(struct virtio_console *c);
// Has the host told the names of all ports that it has announced, and at least one?
bool virtio_console_settled(const struct virtio_console *c);
// The port of this name; NULL: there is none, or not yet. name NULL: the console itself.
struct virtio_port *virtio_console_port(struct virtio_console *c, const char *name);
// As virtio_arm(), for what the host says of its ports. Acknowledges earlier interrupts first.
bool virtio_console_arm(struct virtio_console *c);

// Bytes, at least one; -EAGAIN: none now, no room now; -EIO: the device is lost.
long virtio_port_read(struct virtio_port *p, void *buf, unsigned long n);
long virtio_port_write(struct virtio_port *p, const void *buf, unsigned long n);
// Would a write give something else than -EAGAIN?
bool virtio_port_writable(struct virtio_port *p);
// Has everything that was written been taken by the host?
bool virtio_port_drained(struct virtio_port *p);
// As virtio_arm(), for input, or for room for output.
bool virtio_port_arm(struct virtio_port *p, bool in, bool out);
void virtio_port_disarm(struct virtio_port *p);

#endif
