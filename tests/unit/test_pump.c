// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The pump between the network rings and a tap, with one end of a socket pair that keeps packets'
// bounds for the tap.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <pith/pump.h>

#define RING_SIZE 8192
#define FRAME_MAX 2000

static long tap_read(int fd, void *buf, unsigned long n)
{
	ssize_t r = read(fd, buf, n);

	return r < 0 ? -errno : r;
}

static long tap_write(int fd, const void *buf, unsigned long n)
{
	ssize_t r = write(fd, buf, n);

	return r < 0 ? -errno : r;
}

static const struct pump_io io = { .read = tap_read, .write = tap_write };

struct fixture {
	struct pump pump;
	struct ring_end guest_tx, guest_rx; // the guest's ends of the same rings
	int tap;                            // the far end of the wire
};

static struct ring *new_ring(void)
{
	return calloc(1, ring_bytes(RING_SIZE));
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair))
		return -1;
	f->guest_tx = (struct ring_end){ .ring = new_ring(), .size = RING_SIZE };
	f->guest_rx = (struct ring_end){ .ring = new_ring(), .size = RING_SIZE };
	f->pump = (struct pump){
		.tx = f->guest_tx, .rx = f->guest_rx, .fd = pair[0], .frame_max = FRAME_MAX
	};
	f->tap = pair[1];
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	close(f->pump.fd);
	close(f->tap);
	free(f->guest_tx.ring);
	free(f->guest_rx.ring);
	free(f);
	return 0;
}

static void guest_sends(struct fixture *f, const void *bytes, uint32_t len)
{
	int err;
	uint8_t *at = ring_space(&f->guest_tx, len, &err);

	assert_non_null(at);
	memcpy(at, bytes, len);
	ring_push(&f->guest_tx, len, 0);
}

// The length of the next frame that the guest finds, or 0.
static uint32_t guest_gets(struct fixture *f, uint8_t *first)
{
	struct ring_rec rec;
	uint8_t *at;

	if (ring_next(&f->guest_rx, &rec, &at) <= 0)
		return 0;
	*first = at[0];
	ring_pop(&f->guest_rx, &rec);
	return rec.len;
}

static void sends_all(void **state)
{
	struct fixture *f = *state;
	char frame[100] = { 0 }, got[200];

	for (char i = 0; i < 5; i++) {
		frame[0] = i;
		guest_sends(f, frame, 50 + (uint32_t)i);
	}
	pump_send(&f->pump, &io);
	for (char i = 0; i < 5; i++) {
		assert_int_equal(read(f->tap, got, sizeof(got)), 50 + i);
		assert_int_equal(got[0], i);
	}
	assert_int_equal(read(f->tap, got, sizeof(got)), -1);
	assert_int_equal(ring_ready(&f->pump.tx), 0);
}

static void short_record_is_no_frame(void **state)
{
	struct fixture *f = *state;
	char frame[13] = { 0 }, got[200];

	guest_sends(f, frame, 12);
	guest_sends(f, frame, 0);
	guest_sends(f, frame, 13);
	pump_send(&f->pump, &io);
	assert_int_equal(read(f->tap, got, sizeof(got)), 13);
	assert_int_equal(read(f->tap, got, sizeof(got)), -1);
	assert_non_null(f->pump.tx.ring);
}

static void lying_producer_loses_network(void **state)
{
	struct fixture *f = *state;

	f->guest_tx.ring->head = RING_SIZE + 8;
	pump_send(&f->pump, &io);
	assert_null(f->pump.tx.ring);
	pump_send(&f->pump, &io); // and nothing happens any more
}

static void lying_record_loses_network(void **state)
{
	struct fixture *f = *state;
	char frame[64] = { 0 };

	guest_sends(f, frame, 64);
	((struct ring_rec *)f->guest_tx.ring->data)->len = 65;
	pump_send(&f->pump, &io);
	assert_null(f->pump.tx.ring);
}

static void full_tap_drops(void **state)
{
	struct fixture *f = *state;
	static char frame[1000];
	unsigned sent = 0;

	// Until the socket takes no more.
	while (!f->pump.dropped && sent < 10000) {
		guest_sends(f, frame, sizeof(frame));
		pump_send(&f->pump, &io);
		assert_int_equal(ring_ready(&f->pump.tx), 0);
		sent++;
	}
	assert_int_equal(f->pump.dropped, 1);
}

static void receives_until_full(void **state)
{
	struct fixture *f = *state;
	char frame[1000] = { 0 };
	unsigned got = 0;
	uint8_t first;

	for (int i = 0; i < 20; i++) {
		frame[0] = (char)i;
		assert_int_equal(write(f->tap, frame, sizeof(frame)), sizeof(frame));
	}
	// 8 KiB with a reserve of FRAME_MAX hold some, but never all 20.
	assert_in_range(pump_receive(&f->pump, &io), 1, 8);
	assert_false(pump_has_room(&f->pump));
	assert_int_equal(pump_receive(&f->pump, &io), 0);
	while (got < 20) {
		assert_int_equal(guest_gets(f, &first), 1000);
		assert_int_equal(first, got);
		got++;
		pump_receive(&f->pump, &io);
	}
	assert_int_equal(guest_gets(f, &first), 0);
	assert_true(pump_has_room(&f->pump));
}

static void lying_consumer_loses_network(void **state)
{
	struct fixture *f = *state;
	char frame[64] = { 0 };

	assert_int_equal(write(f->tap, frame, sizeof(frame)), sizeof(frame));
	f->guest_rx.ring->tail = 8;
	assert_int_equal(pump_receive(&f->pump, &io), 0);
	assert_null(f->pump.rx.ring);
	assert_false(pump_has_room(&f->pump));
}

static void closed_tap_ends(void **state)
{
	struct fixture *f = *state;

	shutdown(f->tap, SHUT_WR);
	assert_int_equal(pump_receive(&f->pump, &io), 0);
	assert_non_null(f->pump.rx.ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sends_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(short_record_is_no_frame, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lying_producer_loses_network, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lying_record_loses_network, set_up, tear_down),
		cmocka_unit_test_setup_teardown(full_tap_drops, set_up, tear_down),
		cmocka_unit_test_setup_teardown(receives_until_full, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lying_consumer_loses_network, set_up, tear_down),
		cmocka_unit_test_setup_teardown(closed_tap_ends, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
