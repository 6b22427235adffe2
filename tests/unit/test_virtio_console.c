// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The virtio console: one port, several, and hosts that talk nonsense about them.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <drivers/virtio/console.h>
#include "virtio/device.h"

#define F_MULTIPORT 2
#define MUCH (1u << 20)
#define LITTLE (64u << 10)

enum { READY, ADD, REMOVE, PORT_READY, IS_CONSOLE, RESIZE, OPEN, NAME };

struct message {
	uint32_t id;
	uint16_t event, value;
};

static struct {
	char out[4][4096]; // what came out of each port
	unsigned len[4];
	bool hold;         // output is not taken
	bool opened[4], ready[4];
	unsigned adds;
} host;

static unsigned out_queue(unsigned port)
{
	return port ? 2 * port + 3 : 1;
}

static bool host_says(struct fake *f, uint32_t id, uint16_t event, uint16_t value, const char *name)
{
	struct message m = { id, event, value };
	struct fake_part p[1];
	uint32_t len = name ? (uint32_t)strlen(name) : 0;
	unsigned count;
	int head = fake_take(f, 2, p, 1, &count);

	if (head < 0)
		return false;
	memcpy(p[0].at, &m, sizeof(m));
	len = len > p[0].len - 8 ? p[0].len - 8 : len;
	memcpy(p[0].at + sizeof(m), name ? name : "", len);
	fake_give(f, 2, (uint32_t)head, (uint32_t)sizeof(m) + len);
	return true;
}

static void hear(struct fake *f, const struct message *m)
{
	static const char *const names[] = { NULL, "pith.stderr", "pith.control" };

	assert_int_equal(m->value, 1);
	if (m->event == READY) {
		for (uint32_t i = 0; i < host.adds; i++)
			assert_true(host_says(f, i, ADD, 1, NULL));
	} else if (m->event == PORT_READY) {
		assert_true(m->id < 4 && !host.ready[m->id]);
		host.ready[m->id] = true;
		if (!m->id)
			host_says(f, m->id, IS_CONSOLE, 1, NULL);
		else if (m->id < 3)
			host_says(f, m->id, NAME, 1, names[m->id]);
		if (m->id < 3)
			host_says(f, m->id, OPEN, 1, NULL);
	} else {
		assert_int_equal(m->event, OPEN);
		host.opened[m->id] = true;
	}
}

static void take_output(struct fake *f, unsigned port)
{
	struct fake_part p[1];
	unsigned count;
	int head;

	while ((head = fake_take(f, out_queue(port), p, 1, &count)) >= 0) {
		assert_false(p[0].in);
		assert_true(host.len[port] + p[0].len <= sizeof(host.out[0]));
		memcpy(host.out[port] + host.len[port], p[0].at, p[0].len);
		host.len[port] += p[0].len;
		fake_give(f, out_queue(port), (uint32_t)head, 0);
	}
}

static void on_kick(struct fake *f, unsigned queue)
{
	struct fake_part p[1];
	struct message m;
	unsigned count;
	int head;

	while (queue == 3 && (head = fake_take(f, 3, p, 1, &count)) >= 0) {
		assert_int_equal(p[0].len, sizeof(m));
		memcpy(&m, p[0].at, sizeof(m));
		fake_give(f, 3, (uint32_t)head, 0);
		hear(f, &m);
	}
	for (unsigned i = 0; i < 4 && !host.hold; i++)
		if (queue == out_queue(i))
			take_output(f, i);
}

static bool input(struct fake *f, unsigned port, const char *text)
{
	struct fake_part p[1];
	unsigned count;
	int head = fake_take(f, port ? 2 * port + 2 : 0, p, 1, &count);
	size_t n = strlen(text);

	if (head < 0)
		return false;
	assert_true(p[0].in && n <= p[0].len);
	memcpy(p[0].at, text, n);
	fake_give(f, port ? 2 * port + 2 : 0, (uint32_t)head, (uint32_t)n);
	return true;
}

static struct fake *new_console(enum fake_kind kind, uint64_t features, size_t room, uint32_t ports)
{
	struct fake *f = fake_new(kind, features, room);

	memset(&host, 0, sizeof(host));
	host.adds = 3;
	f->on_kick = on_kick;
	memcpy(f->config + 4, &ports, 4);
	return f;
}

static void writes_and_reads(struct fake *f, struct virtio_port *p, unsigned port)
{
	char buf[100];

	assert_int_equal(virtio_port_write(p, "hello", 5), 5);
	assert_int_equal(host.len[port], 5);
	assert_memory_equal(host.out[port], "hello", 5);
	assert_true(virtio_port_drained(p));
	assert_int_equal(virtio_port_read(p, buf, 100), -EAGAIN);
	assert_false(virtio_port_arm(p, true, true));
	assert_true(input(f, port, "good day"));
	assert_true(virtio_port_arm(p, true, false));
	virtio_port_disarm(p);
	assert_int_equal(virtio_port_read(p, buf, 5), 5);
	assert_memory_equal(buf, "good ", 5);
	assert_int_equal(virtio_port_read(p, buf, 100), 3);
	assert_memory_equal(buf, "day", 3);
	assert_int_equal(virtio_port_read(p, buf, 100), -EAGAIN);
	for (int i = 0; i < 50; i++) {
		assert_true(input(f, port, "x"));
		assert_int_equal(virtio_port_read(p, buf, 100), 1);
	}
}

static void one_port(void **state)
{
	for (int k = 0; k < FAKE_KINDS; k++) {
		struct fake *f = new_console(k, k & 1 ? FAKE_EVENT_IDX : 0, LITTLE, 0);
		struct virtio_console c;

		assert_int_equal(virtio_console_open(&c, &f->device, &f->dma), 0);
		assert_true(virtio_console_settled(&c));
		virtio_console_pump(&c);
		assert_false(virtio_console_arm(&c));
		writes_and_reads(f, virtio_console_port(&c, NULL), 0);
		assert_null(virtio_console_port(&c, "pith.control"));
		assert_null(virtio_console_port(&c, ""));
		fake_free(f);
	}
}

static void several_ports(void **state)
{
	for (int k = 0; k < FAKE_KINDS; k++) {
		struct fake *f = new_console(k, F_MULTIPORT | FAKE_EVENT_IDX, MUCH, 31);
		struct virtio_console c;

		assert_int_equal(virtio_console_open(&c, &f->device, &f->dma), 0);
		assert_int_equal(c.ports, CONSOLE_PORTS);
		assert_true(virtio_console_arm(&c));
		virtio_console_pump(&c);
		assert_true(virtio_console_settled(&c));
		assert_false(virtio_console_arm(&c));
		for (int i = 0; i < 3; i++)
			assert_true(host.opened[i] && host.ready[i]);
		writes_and_reads(f, virtio_console_port(&c, NULL), 0);
		writes_and_reads(f, virtio_console_port(&c, "pith.stderr"), 1);
		writes_and_reads(f, virtio_console_port(&c, "pith.control"), 2);
		assert_null(virtio_console_port(&c, "pith.contro"));
		fake_free(f);
	}
}

// Legacy devices with little memory: the queues of several ports do not fit.
static void one_port_where_memory_is_short(void **state)
{
	struct virtio_console c;

	for (int k = 0; k < FAKE_KINDS; k++) {
		struct fake *f = new_console(k, F_MULTIPORT, 32 << 10, 31);

		for (unsigned i = 0; i < FAKE_QUEUES; i++)
			f->queue[i].max = 128; // as QEMU's
		assert_int_equal(virtio_console_open(&c, &f->device, &f->dma), 0);
		assert_int_equal(c.ports, fake_modern(f) ? CONSOLE_PORTS : 1);
		assert_true(!(f->accepted & F_MULTIPORT) == !fake_modern(f));
		assert_true(f->dma.used < 24 << 10);
		virtio_console_pump(&c);
		writes_and_reads(f, virtio_console_port(&c, NULL), 0);
		fake_free(f);
	}
}

static void full_output_waits(void **state)
{
	struct fake *f = new_console(FAKE_MMIO, FAKE_EVENT_IDX, LITTLE, 0);
	struct virtio_console c;
	struct virtio_port *p;
	unsigned wrote = 0, before;
	char text[700];
	long r;

	memset(text, 'a', sizeof(text));
	virtio_console_open(&c, &f->device, &f->dma);
	p = virtio_console_port(&c, NULL);
	host.hold = true;
	while ((r = virtio_port_write(p, text, sizeof(text))) > 0)
		wrote += (unsigned)r;
	assert_int_equal(r, -EAGAIN);
	assert_false(virtio_port_writable(p));
	assert_false(virtio_port_drained(p));
	assert_false(virtio_port_arm(p, false, true));
	before = f->interrupts;
	take_output(f, 0);
	assert_int_equal(f->interrupts, before + 1);
	assert_int_equal(host.len[0], wrote);
	assert_true(virtio_port_writable(p));
	assert_true(virtio_port_drained(p));
	fake_free(f);
}

static void port_that_nobody_has_opened(void **state)
{
	struct fake *f = new_console(FAKE_PCI, F_MULTIPORT, MUCH, 31);
	struct virtio_console c;
	struct virtio_port *p;

	virtio_console_open(&c, &f->device, &f->dma);
	virtio_console_pump(&c);
	p = virtio_console_port(&c, "pith.stderr");
	assert_true(host_says(f, 1, OPEN, 0, NULL));
	virtio_console_pump(&c);
	assert_true(virtio_port_writable(p));
	assert_int_equal(virtio_port_write(p, "lost", 4), 4);
	assert_int_equal(host.len[1], 0);
	assert_true(host_says(f, 1, OPEN, 1, NULL));
	virtio_console_pump(&c);
	assert_int_equal(virtio_port_write(p, "back", 4), 4);
	assert_int_equal(host.len[1], 4);
	assert_true(host_says(f, 1, REMOVE, 1, NULL));
	virtio_console_pump(&c);
	assert_null(virtio_console_port(&c, "pith.stderr"));
	fake_free(f);
}

static void nonsense_about_ports(void **state)
{
	struct fake *f = new_console(FAKE_PCI, F_MULTIPORT, MUCH, 31);
	struct virtio_console c;
	struct fake_part p[1];
	char name[100];
	unsigned count;
	int head;

	memset(name, 'n', sizeof(name));
	name[99] = 0;
	host.adds = 0;
	virtio_console_open(&c, &f->device, &f->dma);
	assert_false(virtio_console_settled(&c));
	for (uint32_t id = 3; id; id <<= 1)
		for (uint16_t event = 0; event < 12; event++) {
			if (id < CONSOLE_PORTS && event == ADD)
				continue;
			assert_true(host_says(f, id, event, 0xffff, name));
			virtio_console_pump(&c);
		}
	assert_int_equal(strlen(c.port[3].name), CONSOLE_NAME_MAX);
	for (uint32_t len = 0; len < 8; len++) { // less than a message
		head = fake_take(f, 2, p, 1, &count);
		memset(p[0].at, 0, 8);
		p[0].at[4] = ADD;
		fake_give(f, 2, (uint32_t)head, len);
		virtio_console_pump(&c);
	}
	assert_false(c.port[0].added);
	assert_null(c.v.why);
	fake_free(f);
}

// As many messages as there are buffers, again and again; the host does not take the answers.
static void flood_of_messages(void **state)
{
	struct fake *f = new_console(FAKE_PCI, F_MULTIPORT, MUCH, 31);
	struct virtio_console c;
	unsigned said = 0;

	host.adds = 0;
	virtio_console_open(&c, &f->device, &f->dma);
	f->on_kick = NULL;
	for (int i = 0; i < 100; i++) {
		while (host_says(f, 1, ADD, 1, NULL))
			said++;
		virtio_console_pump(&c);
	}
	assert_in_range(said, 16, 16 + 8);
	assert_null(c.v.why);
	fake_free(f);
}

static void consoles_that_lie(void **state)
{
	struct fake *f = new_console(FAKE_MMIO, 0, LITTLE, 0);
	struct virtio_console c;
	struct virtio_port *p;
	char buf[10];

	virtio_console_open(&c, &f->device, &f->dma);
	p = virtio_console_port(&c, NULL);
	fake_give(f, 0, 0, 5000);
	assert_int_equal(virtio_port_read(p, buf, 10), -EIO);
	assert_true(virtio_port_writable(p));
	assert_int_equal(virtio_port_write(p, "x", 1), -EIO);
	assert_true(virtio_port_drained(p));
	assert_false(virtio_port_arm(p, true, true));
	virtio_console_pump(&c);
	assert_false(virtio_console_arm(&c));
	fake_free(f);
}

// The length of what was half read changes under the reader.
static void length_that_shrinks(void **state)
{
	struct fake *f = new_console(FAKE_MMIO, 0, LITTLE, 0);
	struct virtio_console c;
	struct virtio_port *p;
	char buf[100];

	virtio_console_open(&c, &f->device, &f->dma);
	p = virtio_console_port(&c, NULL);
	input(f, 0, "0123456789");
	assert_int_equal(virtio_port_read(p, buf, 8), 8);
	fake_used_entry(f, 0, 0)[1] = 3;
	assert_int_equal(virtio_port_read(p, buf, 100), -EAGAIN);
	input(f, 0, "abc");
	assert_int_equal(virtio_port_read(p, buf, 100), 3);
	assert_memory_equal(buf, "abc", 3);
	fake_free(f);
}

static void consoles_without_room(void **state)
{
	for (size_t room = 500; room < 20000; room += 500)
		for (int k = 0; k < FAKE_KINDS; k++) {
			struct fake *f = new_console(k, F_MULTIPORT, 20480, k & 1 ? 31 : 0);
			struct virtio_console c;
			int r;

			f->dma.len = room;
			r = virtio_console_open(&c, &f->device, &f->dma);
			assert_true(!r || c.v.why);
			fake_free(f);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_port),
		cmocka_unit_test(several_ports),
		cmocka_unit_test(one_port_where_memory_is_short),
		cmocka_unit_test(full_output_waits),
		cmocka_unit_test(port_that_nobody_has_opened),
		cmocka_unit_test(nonsense_about_ports),
		cmocka_unit_test(flood_of_messages),
		cmocka_unit_test(consoles_that_lie),
		cmocka_unit_test(length_that_shrinks),
		cmocka_unit_test(consoles_without_room),
	};

	return cmocka_run_group_tests_name("virtio-console", tests, NULL, NULL);
}
