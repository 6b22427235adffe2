// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Frames of named networks: what a member may send, checksums, and cutting.
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <monitor/dev/frame.h>

#define ME 5
#define OTHER 6

static uint8_t f[200];

// In memory that ends where the frame ends, so that nothing behind it is looked at unseen.
static bool allowed(size_t len, uint8_t member)
{
	size_t have = len < FRAME_HEAD ? len : FRAME_HEAD;
	uint8_t *exact = malloc(have ? have : 1);
	bool r;

	memcpy(exact, f, have);
	r = frame_allowed(exact, len, member);
	free(exact);
	return r;
}

static void ethernet(unsigned type)
{
	memset(f, 0, sizeof(f));
	frame_mac(f, OTHER);
	frame_mac(f + 6, ME);
	f[12] = (uint8_t)(type >> 8);
	f[13] = (uint8_t)type;
}

static void put_v4(size_t at, uint8_t member)
{
	uint32_t v4 = frame_v4(member);

	memcpy(f + at, &v4, 4);
}

static void arp(void)
{
	static const uint8_t kind[8] = { 0, 1, 8, 0, 6, 4, 0, 1 };

	ethernet(0x0806);
	memcpy(f + 14, kind, 8);
	frame_mac(f + 22, ME);
	put_v4(28, ME);
}

static void ipv4(void)
{
	ethernet(0x0800);
	f[14] = 0x45;
	f[17] = 100;
	put_v4(26, ME);
}

static void ipv6(uint8_t next)
{
	ethernet(0x86dd);
	f[14] = 0x60;
	f[19] = 60;
	f[20] = next;
	frame_v6(f + 22, ME);
}

static void addresses(void **state)
{
	uint8_t mac[6], v6[16];

	frame_mac(mac, 7);
	assert_int_equal(frame_member_of(mac), 7);
	mac[3]++;
	assert_int_equal(frame_member_of(mac), 0);
	assert_int_equal(ntohl(frame_v4(7)), 0x0a590007);
	frame_v6(v6, 7);
	assert_memory_equal(v6, "\xfd\x70\x69\x74\x68\0\0\0\0\x70\x0a\xff\xfe\x59\0\7", 16);
}

static void own_frames_pass(void **state)
{
	arp();
	assert_true(allowed(42, ME));
	ipv4();
	assert_true(allowed(114, ME));
	assert_true(allowed(118, ME)); // padding
	ipv6(6);
	assert_true(allowed(114, ME));
	ipv6(17);
	assert_true(allowed(114, ME));
	ipv6(58);
	f[54] = 128;
	assert_true(allowed(114, ME));
	memset(f + 22, 0, 8);
	f[22] = 0xfe;
	f[23] = 0x80;
	assert_true(allowed(114, ME)); // from its address on the link
}

static void other_sources(void **state)
{
	arp();
	assert_false(allowed(42, OTHER));
	put_v4(28, OTHER);
	assert_false(allowed(42, ME));
	arp();
	frame_mac(f + 22, OTHER);
	assert_false(allowed(42, ME));
	ipv4();
	put_v4(26, OTHER);
	assert_false(allowed(114, ME));
	put_v4(26, 2); // the gateway
	assert_false(allowed(114, ME));
	ipv4();
	frame_mac(f + 6, OTHER);
	assert_false(allowed(114, ME));
	ipv6(6);
	frame_v6(f + 22, OTHER);
	assert_false(allowed(114, ME));
	memset(f + 22, 0, 16);
	assert_false(allowed(114, ME));
}

static void malformed(void **state)
{
	for (size_t len = 0; len < 42; len++) {
		arp();
		assert_false(allowed(len, ME));
	}
	arp();
	f[18] = 8; // length of a hardware address
	assert_false(allowed(42, ME));
	for (size_t len = 0; len < 114; len++) {
		ipv4();
		assert_false(allowed(len, ME));
		ipv6(6);
		assert_false(allowed(len, ME));
	}
	ipv4();
	f[14] = 0x44;
	assert_false(allowed(114, ME));
	f[14] = 0x65;
	assert_false(allowed(114, ME));
	ipv4();
	f[17] = 19;
	assert_false(allowed(114, ME));
	ethernet(0x88cc);
	assert_false(allowed(114, ME));
	ethernet(0x8100); // a VLAN could hide the rest
	assert_false(allowed(114, ME));
}

static void no_router(void **state)
{
	ipv6(58);
	f[54] = 134;
	assert_false(allowed(114, ME));
	f[54] = 137;
	assert_false(allowed(114, ME));
	f[54] = 136;
	assert_false(allowed(114, ME)); // for ::
	frame_v6(f + 62, OTHER);
	assert_false(allowed(114, ME));
	frame_v6(f + 62, ME);
	assert_true(allowed(114, ME));
	for (size_t len = 0; len < 78; len++) {
		f[19] = len > 54 ? (uint8_t)(len - 54) : 0;
		assert_false(allowed(len, ME));
	}
}

static void no_hiding(void **state)
{
	ipv6(0); // hop-by-hop options
	assert_false(allowed(114, ME));
	ipv6(60);
	assert_false(allowed(114, ME));
	ipv6(43);
	assert_false(allowed(114, ME));
	ipv6(44);
	f[54] = 58;
	assert_false(allowed(114, ME));
	f[54] = 60;
	assert_false(allowed(114, ME));
	f[54] = 17;
	assert_true(allowed(114, ME));
}

static void sums(void **state)
{
	// RFC 1071, 3
	static const uint8_t example[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };

	assert_int_equal(frame_sum(0, example, 8), htons(0xddf2));
	assert_int_equal(frame_sum(0, example, 7), htons(0xdcfb));
	assert_int_equal(frame_sum(0, example, 0), 0);
}

static void finishing(void **state)
{
	struct net_header h = { .flags = NET_HDR_NEEDS_CSUM, .csum_start = 34, .csum_offset = 16 };
	uint8_t before[2];

	ipv4();
	memset(f + 34, 0x5a, 60);
	f[50] = f[51] = 0;
	assert_true(frame_finish(&h, f, 94));
	assert_int_equal(frame_sum(0, f + 34, 60), 0xffff);
	h.csum_start = 79;
	assert_false(frame_finish(&h, f, 94 + 2));
	h = (struct net_header){ NET_HDR_NEEDS_CSUM, 0, 0, 0, 13, 16, 0 };
	assert_false(frame_finish(&h, f, 94));
	h = (struct net_header){ NET_HDR_NEEDS_CSUM, 0, 0, 0, 65535, 65535, 0 };
	assert_false(frame_finish(&h, f, 94));
	memcpy(before, f + 50, 2);
	h.flags = 0;
	assert_true(frame_finish(&h, f, 94));
	assert_memory_equal(before, f + 50, 2);
}

struct cut {
	unsigned count;
	uint8_t got[20000];
	size_t len;
	bool v6;
};

static void take(void *arg, const uint8_t *s, size_t len)
{
	struct cut *c = arg;
	size_t heads = c->v6 ? 74 : 54;
	uint32_t seq;

	assert_true(len > heads && len <= heads + 1460);
	memcpy(&seq, s + heads - 16, 4);
	assert_int_equal(ntohl(seq), 1000 + c->len);
	if (!c->v6) {
		assert_int_equal(frame_sum(0, s + 14, 20), 0xffff);
		assert_int_equal(s[16] << 8 | s[17], len - 14);
	} else {
		assert_int_equal(s[18] << 8 | s[19], len - 54);
	}
	memcpy(c->got + c->len, s + heads, len - heads);
	c->len += len - heads;
	c->count++;
	// FIN and PSH are the last one's.
	assert_int_equal(s[heads - 7], c->len == 4000 ? 0x19 : 0x10);
}

static uint8_t *large(bool v6, struct net_header *h, size_t *len)
{
	size_t heads = v6 ? 74 : 54;
	uint8_t *p = malloc(heads + 4000);
	uint32_t seq = htonl(1000);

	if (v6)
		ipv6(6);
	else
		ipv4();
	f[23] = v6 ? f[23] : 6;
	memcpy(p, f, heads);
	memcpy(p + heads - 16, &seq, 4);
	p[heads - 8] = 0x50;
	p[heads - 7] = 0x19;
	for (size_t i = 0; i < 4000; i++)
		p[heads + i] = (uint8_t)(i * 7);
	*len = heads + 4000;
	*h = (struct net_header){ .gso_type = v6 ? NET_HDR_GSO_TCPV6 : NET_HDR_GSO_TCPV4, .gso_size = 1460 };
	return p;
}

static void cutting(void **state)
{
	for (int v6 = 0; v6 < 2; v6++) {
		struct cut c = { .v6 = v6 };
		struct net_header h;
		size_t len;
		uint8_t *p = large(v6, &h, &len);

		assert_true(frame_cut(&h, p, len, take, &c));
		assert_int_equal(c.count, 3);
		assert_int_equal(c.len, 4000);
		assert_memory_equal(c.got, p + (v6 ? 74 : 54), 4000);
		free(p);
	}
}

static void never(void *arg, const uint8_t *s, size_t len)
{
	fail();
}

static void not_to_be_cut(void **state)
{
	struct net_header h;
	size_t len;
	uint8_t *p = large(false, &h, &len);

	h.gso_size = 0;
	assert_false(frame_cut(&h, p, len, never, NULL));
	h.gso_size = 65535;
	assert_false(frame_cut(&h, p, len, never, NULL));
	h.gso_size = 1460;
	h.gso_type = NET_HDR_GSO_TCPV6;
	assert_false(frame_cut(&h, p, len, never, NULL));
	h.gso_type = 3;
	assert_false(frame_cut(&h, p, len, never, NULL));
	h.gso_type = NET_HDR_GSO_TCPV4;
	for (size_t n = 0; n <= 54; n++)
		assert_false(frame_cut(&h, p, n, never, NULL));
	p[23] = 17;
	assert_false(frame_cut(&h, p, len, never, NULL));
	p[23] = 6;
	p[46] = 0x40; // a TCP header of 16 bytes
	assert_false(frame_cut(&h, p, len, never, NULL));
	p[46] = 0xf0;
	assert_false(frame_cut(&h, p, 60, never, NULL));
	free(p);
}

// A packet whose sum is what its receiver finds right: it comes out as ones (RFC 1071).
static bool sum_is_right(const uint8_t *frame, bool v6, unsigned protocol, size_t payload)
{
	size_t head = v6 ? 40 : 20;
	uint16_t sum = frame_sum(htons((uint16_t)protocol), frame + 14 + (v6 ? 8 : 12), v6 ? 32 : 8);

	return frame_sum((uint32_t)sum + htons((uint16_t)payload), frame + 14 + head, payload) == 0xffff;
}

// In memory of its own: nothing behind it is touched.
static uint8_t *packet(bool v6, unsigned protocol, size_t payload, size_t *len)
{
	size_t head = v6 ? 40 : 20, all = v6 ? payload : head + payload;
	uint8_t *p = calloc(1, *len = 14 + head + payload);

	p[12] = v6 ? 0x86 : 0x08;
	p[13] = v6 ? 0xdd : 0x00;
	p[14] = v6 ? 0x60 : 0x45;
	p[v6 ? 18 : 16] = (uint8_t)(all >> 8);
	p[v6 ? 19 : 17] = (uint8_t)all;
	p[v6 ? 20 : 23] = (uint8_t)protocol;
	for (size_t i = v6 ? 22 : 26; i < *len; i++)
		p[i] = (uint8_t)(i * 37);
	return p;
}

static void making_sums(void **state)
{
	static const size_t lens[] = { 20, 21, 22, 100, 1459, 1460 };

	for (unsigned v6 = 0; v6 < 2; v6++) {
		for (unsigned i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
			for (unsigned protocol = 6; protocol <= 17; protocol += 11) {
				size_t len;
				uint8_t *p = packet(v6, protocol, lens[i], &len);

				assert_false(sum_is_right(p, v6, protocol, lens[i]));
				frame_checksum(p, len);
				assert_true(sum_is_right(p, v6, protocol, lens[i]));
				free(p);
			}
		}
	}
}

// What is unsound or not to be summed stays as it is.
static void sums_not_to_be_made(void **state)
{
	static const struct {
		bool v6;
		unsigned at, value;
	} bad[] = {
		{ false, 12, 0x86 }, { false, 14, 0x65 }, { false, 14, 0x44 }, { false, 14, 0x4f }, { false, 16, 1 }, { false, 17, 10 },
		{ false, 20, 0x20 }, { false, 20, 0x01 }, { false, 21, 1 },    { false, 23, 1 },    { true, 14, 0x40 }, { true, 18, 1 },
		{ true, 19, 7 },     { true, 20, 44 },    { true, 20, 58 },    { true, 13, 0 },
	};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		size_t len;
		uint8_t *p = packet(bad[i].v6, 17, 30, &len), *was = malloc(len);

		p[bad[i].at] = (uint8_t)bad[i].value;
		memcpy(was, p, len);
		frame_checksum(p, len);
		assert_memory_equal(p, was, len);
		free(was);
		free(p);
	}
	for (size_t cut = 0; cut < 90; cut++) {
		size_t len;
		uint8_t *p = packet(cut & 1, 6, 30, &len), *part = malloc(cut ? cut : 1);

		memcpy(part, p, cut < len ? cut : len);
		frame_checksum(part, cut < len ? cut : len);
		free(part);
		free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),   cmocka_unit_test(own_frames_pass), cmocka_unit_test(other_sources),
		cmocka_unit_test(malformed),   cmocka_unit_test(no_router),	  cmocka_unit_test(no_hiding),
		cmocka_unit_test(sums),	       cmocka_unit_test(finishing),	  cmocka_unit_test(cutting),
		cmocka_unit_test(not_to_be_cut), cmocka_unit_test(making_sums),	  cmocka_unit_test(sums_not_to_be_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
