// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The network device: options of taps, published ports, and user mode's own answers. No tap is
// needed: what is wrong in the options is told before one is opened.
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <monitor/dev/netdev.h>
#include <pith/net_header.h>

#define RING_SIZE 65536

static void bad_option(const char *tap, int err, const char *words)
{
	struct netdev_config cfg = { .kind = MANIFEST_NET_TAP, .tap = tap, .memory = 64 << 20 };
	struct netdev *d = NULL;
	struct load_net net;
	struct failure why = { "" };

	assert_int_equal(netdev_open(&cfg, &d, &net, &why), err);
	assert_non_null(strstr(why.text, words));
}

static void tap_options(void **state)
{
	bad_option("", -EINVAL, "name of an interface");
	bad_option("a-name-that-is-too-long", -EINVAL, "name of an interface");
	bad_option("t,ip=300.1.1.1/24", -EINVAL, "not an IPv4 address");
	bad_option("t,ip=10.0.0.2/33", -EINVAL, "from 1 to 32");
	bad_option("t,ip=10.0.0.2/", -EINVAL, "from 1 to 32");
	bad_option("t,ip=10.0.0.2/24x", -EINVAL, "from 1 to 32");
	bad_option("t,ip=1111111111111111111111111111", -EINVAL, "not an IPv4 address");
	bad_option("t,gw=here", -EINVAL, "not an IPv4 address");
	bad_option("t,dns=::g", -EINVAL, "not an address");
	bad_option("t,dns=::1,dns=::2,dns=::3,dns=::4", -EINVAL, "more than three");
	bad_option("t,mtu=9000", -EINVAL, "no option");
}

static void no_such_tap(void **state)
{
	if (access("/dev/net/tun", R_OK | W_OK))
		skip();
	bad_option("no-such-tap,ip=10.0.0.2/24,gw=10.0.0.1,dns=10.0.0.1", -ENODEV, "ip tuntap add");
}

static void none_does_nothing(void **state)
{
	struct netdev_config cfg = { .kind = MANIFEST_NET_NONE };
	struct load_ring no_ring = { 0 };
	uint64_t ns = 77;
	struct netdev *d;
	struct failure why;
	unsigned count;

	assert_int_equal(netdev_open(&cfg, &d, NULL, &why), 0);
	netdev_attach(d, &no_ring, &no_ring);
	assert_false(netdev_pump(d));
	assert_int_equal(netdev_pollfds(d, &count, &ns)[0].fd, -1);
	assert_int_equal(count, NETDEV_OTHERS);
	assert_int_equal(ns, 77);
	assert_false(netdev_polled(d));
	assert_int_equal(netdev_tap_fd(d), -1);
	netdev_close(d);
	netdev_close(NULL);
}

// A TCP socket that listens on a port of the system's choice.
static int listening(uint16_t *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int s = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(s, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(s, 1), 0);
	assert_int_equal(getsockname(s, (struct sockaddr *)&a, &len), 0);
	*port = ntohs(a.sin_port);
	return s;
}

static void port_in_use(void **state)
{
	struct monitor_port port = { .host_addr = htonl(INADDR_LOOPBACK), .guest = 80 };
	struct netdev_config cfg = {
		.kind = MANIFEST_NET_USER, .ports = &port, .port_count = 1, .memory = 64 << 20
	};
	int s = listening(&port.host);
	struct netdev *d;
	struct load_net net;
	struct failure why = { "" };

	assert_int_equal(netdev_open(&cfg, &d, &net, &why), -EADDRINUSE);
	assert_non_null(strstr(why.text, "in use"));
	close(s);
}

struct wire {
	struct netdev *d;
	struct ring_end tx, rx; // the guest's
	struct load_net net;
};

static struct wire user_mode(void)
{
	struct netdev_config cfg = { .kind = MANIFEST_NET_USER,
				     .memory = 64 << 20,
				     .hostname = "unit" };
	struct load_ring rx = { .ring = calloc(1, ring_bytes(RING_SIZE)), .size = RING_SIZE };
	struct load_ring tx = { .ring = calloc(1, ring_bytes(RING_SIZE)), .size = RING_SIZE };
	struct wire w = { .rx = { .ring = rx.ring, .size = rx.size },
			  .tx = { .ring = tx.ring, .size = tx.size } };
	struct failure why = { "" };

	assert_int_equal(netdev_open(&cfg, &w.d, &w.net, &why), 0);
	netdev_attach(w.d, &rx, &tx);
	return w;
}

static void end(struct wire *w)
{
	netdev_close(w->d);
	free(w->tx.ring);
	free(w->rx.ring);
}

static void guest_sends(struct wire *w, const void *frame, uint32_t len)
{
	struct net_header h = { .num_buffers = 1 };
	int err;
	uint8_t *at = ring_space(&w->tx, (uint32_t)sizeof(h) + len, &err);

	assert_non_null(at);
	memcpy(at, &h, sizeof(h));
	memcpy(at + sizeof(h), frame, len);
	ring_push(&w->tx, (uint32_t)sizeof(h) + len, 0);
}

// Is there a frame with these bytes at this place among what the guest has got?
static bool guest_got(struct wire *w, uint32_t off, const void *bytes, uint32_t len)
{
	struct ring_rec rec;
	uint8_t *at;
	bool found = false;

	while (ring_next(&w->rx, &rec, &at) > 0) {
		found |= rec.len >= sizeof(struct net_header) + off + len &&
			 !memcmp(at + sizeof(struct net_header) + off, bytes, len);
		ring_pop(&w->rx, &rec);
	}
	return found;
}

// Who has 10.0.2.2? (RFC 826)
static void arp_request(const struct load_net *net, uint8_t frame[42])
{
	static const uint8_t arp[] = { 8, 6, 0, 1, 8, 0, 6, 4, 0, 1 };
	static const uint8_t router[] = { 10, 0, 2, 2 };

	memset(frame, 0, 42);
	memset(frame, 0xff, 6);
	memcpy(frame + 6, net->mac, 6);
	memcpy(frame + 12, arp, sizeof(arp));
	memcpy(frame + 22, net->mac, 6);
	memcpy(frame + 28, &net->v4_addr, 4);
	memcpy(frame + 38, router, 4);
}

static void router_answers(void **state)
{
	static const uint8_t reply[] = { 8, 6, 0, 1, 8, 0, 6, 4, 0, 2 };
	struct wire w = user_mode();
	uint8_t frame[42];

	assert_int_equal(w.net.mac[0] & 3, 2);
	assert_int_equal(w.net.v4_addr, inet_addr("10.0.2.15"));
	arp_request(&w.net, frame);
	guest_sends(&w, frame, sizeof(frame));
	assert_true(netdev_pump(w.d));
	assert_true(guest_got(&w, 12, reply, sizeof(reply)));
	end(&w);
}

static void garbage_is_survived(void **state)
{
	struct wire w = user_mode();
	uint8_t frame[1514];

	srand(1);
	for (int i = 0; i < 2000; i++) {
		uint32_t len = (uint32_t)rand() % sizeof(frame);

		for (uint32_t k = 0; k < len; k++)
			frame[k] = (uint8_t)rand();
		guest_sends(&w, frame, len);
		netdev_pump(w.d);
		guest_got(&w, 0, frame, 1);
	}
	arp_request(&w.net, frame);
	guest_sends(&w, frame, 42);
	assert_true(netdev_pump(w.d));
	end(&w);
}

static void full_ring_drops(void **state)
{
	struct wire w = user_mode();
	uint8_t frame[42];

	arp_request(&w.net, frame);
	for (int i = 0; i < 3000; i++) {
		guest_sends(&w, frame, sizeof(frame));
		netdev_pump(w.d);
	}
	assert_false(netdev_pump(w.d));
	assert_true(guest_got(&w, 12, "\x08\x06", 2));
	guest_sends(&w, frame, sizeof(frame));
	assert_true(netdev_pump(w.d));
	end(&w);
}

static void lying_guest_loses_network(void **state)
{
	struct wire w = user_mode();

	w.tx.ring->head = 1 << 20;
	w.rx.ring->tail = 1 << 20;
	assert_false(netdev_pump(w.d));
	w.tx.ring->head = 0;
	assert_false(netdev_pump(w.d));
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tap_options),       cmocka_unit_test(no_such_tap),
		cmocka_unit_test(none_does_nothing), cmocka_unit_test(port_in_use),
		cmocka_unit_test(router_answers),    cmocka_unit_test(garbage_is_survived),
		cmocka_unit_test(full_ring_drops),   cmocka_unit_test(lying_guest_loses_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
