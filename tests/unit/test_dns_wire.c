// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Messages: compression and its taking back, limits, and questions from truncated or odd messages.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../apps/dns/proto.h"
#include "../../apps/dns/query.h"
#include "../../apps/dns/wire.h"
#include "../../apps/dns/zparse.h"

static const char text[] =
	"$ORIGIN x.\n$TTL 60\n@ SOA ns r 1 2 3 4 5\n NS ns\n NS ns2\nns A 192.0.2.1\n"
	"a MX 1 b.a\n SRV 1 2 3 b.a\nl1 CNAME l2\nl2 CNAME l1\n"
	"t TXT \"0123456789012345678901234567890123456789\" \"a\"\n";

static struct zone zone;
static struct wire wire;

static int setup(void **state)
{
	char message[256];
	struct text err;

	(void)state;
	text_init(&err, message, sizeof(message));
	return zone_init(&zone) || zparse(&zone, "f", text, sizeof(text) - 1, NULL, &err);
}

static int teardown(void **state)
{
	(void)state;
	zone_free(&zone);
	return 0;
}

static struct node *node_of(const char *name)
{
	struct name_key key;
	unsigned label;
	struct node *n;

	name_key_init(&key, (const uint8_t *)name);
	n = zone_closest(&zone, &key, &label);
	assert_int_equal(label, 0);
	return n;
}

static void names_are_compressed(void **state)
{
	static const char want[] = "\1a\1x\0\0\17\0\1\0\0\0\74\0\6\0\1\1b\300\0"
				   "\300\0\0\41\0\1\0\0\0\74\0\15\0\1\0\2\0\3\1b\1a\1x";
	struct node *a = node_of("\1a\1x");
	uint8_t buf[512];

	(void)state;
	wire_start(&wire, &zone, buf, sizeof(buf));
	assert_true(wire_record(&wire, a, zone_rrset(a, TYPE_MX)->rrs));
	assert_true(wire_record(&wire, a, zone_rrset(a, TYPE_SRV)->rrs));
	assert_int_equal(wire.len, sizeof(want));
	assert_memory_equal(buf, want, sizeof(want));
}

static void new_message_forgets_names(void **state)
{
	struct node *a = node_of("\1a\1x");
	uint8_t buf[512];

	(void)state;
	for (int i = 0; i < 2; i++) {
		wire_start(&wire, &zone, buf, sizeof(buf));
		assert_true(wire_record(&wire, a, zone_rrset(a, TYPE_SRV)->rrs));
		assert_memory_equal(buf, "\1a\1x", 5);
	}
	wire.stamp = UINT32_MAX; // the counter starts again
	a->stamp = 1;
	a->offset = 77;
	wire_start(&wire, &zone, buf, sizeof(buf));
	assert_int_equal(wire.stamp, 1);
	assert_true(wire_record(&wire, a, zone_rrset(a, TYPE_SRV)->rrs));
	assert_memory_equal(buf, "\1a\1x", 5);
}

// At every limit a record is written whole or not at all, and names of one taken back are not
// pointed at. The buffer is as large as the limit.
static void limits(void **state)
{
	struct node *a = node_of("\1a\1x");
	struct rr *rr = zone_rrset(a, TYPE_MX)->rrs;

	(void)state;
	for (unsigned limit = 1; limit < 40; limit++) {
		uint8_t *buf = malloc(limit);
		int first, second;

		wire_start(&wire, &zone, buf, limit);
		first = wire_record(&wire, a, rr);
		assert_int_equal(first, limit >= 21);
		second = wire_record(&wire, a, rr);
		assert_int_equal(second, limit >= 21 + 16);
		assert_int_equal(wire.len, (first ? 21 : 0) + (second ? 16 : 0));
		wire_rollback(&wire, 0);
		assert_int_equal(wire.logged, 0);
		assert_int_not_equal(a->stamp, wire.stamp);
		free(buf);
	}
}

static void no_pointer_beyond_14_bits(void **state)
{
	struct node *a = node_of("\1a\1x");
	struct rr *rr = zone_rrset(a, TYPE_MX)->rrs;
	uint8_t *buf = malloc(DNS_MESSAGE_MAX);

	(void)state;
	wire_start(&wire, &zone, buf, DNS_MESSAGE_MAX);
	wire.len = DNS_POINTER_MAX + 1;
	for (int i = 0; i < 2; i++) {
		unsigned at = wire.len;

		assert_true(wire_record(&wire, a, rr));
		assert_memory_equal(buf + at, "\1a\1x", 5);
		assert_int_equal(wire.len - at, 5 + RR_FIXED + 2 + 7);
	}
	free(buf);
}

static size_t ask(const char *in, size_t n, uint8_t *out, unsigned how)
{
	uint8_t *copy = malloc(n ? n : 1);
	size_t len;

	memcpy(copy, in, n);
	query_init(&zone);
	len = query_process(copy, n, out, how);
	free(copy);
	return len;
}

#define HEADER "\1\2\1\0\0\1\0\0\0\0\0"

static void every_truncation_is_survived(void **state)
{
	static const char q[] = HEADER "\1\1a\1x\0\0\17\0\1\0\0\51\4\320\0\0\0\0\0\4\0\3\0";
	uint8_t *out = malloc(DNS_EDNS_MAX);

	(void)state;
	for (size_t n = 0; n < sizeof(q); n++) {
		size_t len = ask(q, n, out, 0);

		assert_int_equal(len, n < DNS_HEADER_LEN ? 0 : DNS_HEADER_LEN);
		if (len)
			assert_int_equal(get16(out + 2), DNS_QR | DNS_RD | RCODE_FORMERR);
	}
	assert_true(ask(q, sizeof(q), out, 0) > sizeof(q));
	assert_int_equal(get16(out + 2), DNS_QR | DNS_RD | DNS_AA);
	free(out);
}

static void names_in_questions(void **state)
{
	static const struct {
		const char *name;
		size_t n;
	} bad[] = {
		{ "\300\14\0\1\0\1", 6 }, { "\1a\300\14\0\1\0\1", 8 }, { "\77a\0\0\1\0\1", 7 },
		{ "\100a\0\0\1\0\1", 7 }, { "\1a\1x\0\0\1\0", 8 },     { "\1a\1x", 4 },
	};
	uint8_t out[DNS_EDNS_MAX];
	char q[64] = HEADER;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		memcpy(q + DNS_HEADER_LEN, bad[i].name, bad[i].n);
		assert_int_equal(ask(q, DNS_HEADER_LEN + bad[i].n, out, 0), DNS_HEADER_LEN);
		assert_int_equal(out[3] & DNS_RCODE, RCODE_FORMERR);
	}
}

static void loop_of_aliases_ends(void **state)
{
	uint8_t out[DNS_EDNS_MAX];

	(void)state;
	assert_true(ask(HEADER "\0\2l1\1x\0\0\1\0\1", 22, out, 0) > 22);
	assert_int_equal(get16(out + 2), DNS_QR | DNS_RD | DNS_AA);
	assert_int_equal(get16(out + 6), 2);
}

static void answers_to_answers(void **state)
{
	uint8_t out[DNS_EDNS_MAX];

	(void)state;
	assert_int_equal(ask("\1\2\200\0\0\1\0\0\0\0\0\0\1a\1x\0\0\1\0\1", 21, out, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_compressed), cmocka_unit_test(new_message_forgets_names),
		cmocka_unit_test(limits), cmocka_unit_test(no_pointer_beyond_14_bits),
		cmocka_unit_test(every_truncation_is_survived),
		cmocka_unit_test(names_in_questions), cmocka_unit_test(loop_of_aliases_ends),
		cmocka_unit_test(answers_to_answers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
