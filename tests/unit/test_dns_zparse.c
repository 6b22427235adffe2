// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Zone files: what the parser makes of records, and that each fault names its line. Texts are
// copied to heap blocks of their exact size, for the sanitizer to see a read behind them.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../apps/dns/proto.h"
#include "../../apps/dns/rdata.h"
#include "../../apps/dns/zparse.h"

#define HEAD "$ORIGIN x.\n$TTL 60\n@ SOA ns r 1 2 3 4 5\n NS ns\n"

static struct zone zone;
static char message[256];

static int load(const char *text)
{
	size_t n = strlen(text);
	char *copy = malloc(n ? n : 1);
	struct text err;
	int r;

	memcpy(copy, text, n);
	text_init(&err, message, sizeof(message));
	assert_int_equal(zone_init(&zone), 0);
	r = zparse(&zone, "f", copy, n, NULL, &err);
	free(copy);
	return r;
}

static struct rrset *set_of(const char *name, uint16_t type)
{
	uint8_t wire[NAME_MAX_LEN];
	struct name_key key;
	const char *why;
	unsigned label;
	struct node *n;

	assert_true(name_from_text(wire, name, strlen(name), zone.apex->name, &why) > 0);
	name_key_init(&key, wire);
	n = zone_closest(&zone, &key, &label);
	assert_int_equal(label, 0);
	return zone_rrset(n, type);
}

// Type, class, TTL and length are followed by these octets.
static void check_data(const char *name, uint16_t type, uint32_t ttl, const char *data, size_t n)
{
	struct rrset *s = set_of(name, type);

	assert_non_null(s);
	assert_int_equal(get16(rr_data(s->rrs)), type);
	assert_int_equal(get16(rr_data(s->rrs) + 2), CLASS_IN);
	assert_int_equal(get32(rr_data(s->rrs) + 4), ttl);
	assert_int_equal(s->rrs->head + s->rrs->tail, RR_FIXED + n);
	assert_memory_equal(rr_data(s->rrs) + RR_FIXED, data, n);
}

static void records(void **state)
{
	(void)state;
	assert_int_equal(load(HEAD
			      "a 1h30m IN A 192.0.2.1 ; comment\n"
			      "\tIN 5 AAAA 2001:db8::1\n"
			      "; nothing\n\n   \n"
			      "t TXT ( \"a;b\" ; one\n\n c\\\"d \"\" ) \n"
			      "srv SRV 1 2 3 Host\n"
			      "g TYPE300 \\# 3 01 02 03\n"
			      "h TYPE1 \\# 4 c0000201\n"
			      "c CAA 0 issue \"ca;x\"\n"
			      "$ORIGIN sub\n"
			      "b A 192.0.2.2"), 0);
	check_data("a", TYPE_A, 5400, "\300\0\2\1", 4);
	check_data("a", TYPE_AAAA, 5, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	check_data("t", 16, 60, "\3a;b\3c\"d\0", 9);
	check_data("srv", TYPE_SRV, 60, "\0\1\0\2\0\3", 6);
	check_data("g", 300, 60, "\1\2\3", 3);
	check_data("h", TYPE_A, 60, "\300\0\2\1", 4);
	check_data("c", 257, 60, "\0\5issueca;x", 11);
	check_data("b.sub", TYPE_A, 60, "\300\0\2\2", 4);
	assert_string_equal(set_of("srv", TYPE_SRV)->rrs->name[0]->name, "\4host\1x");
	assert_int_equal(zone.records, 10);
	assert_int_equal(zone.owners, 8);
	zone_free(&zone);
}

static void soa_ttl_of_negative_answers(void **state)
{
	(void)state;
	assert_int_equal(load(HEAD), 0);
	assert_int_equal(get32(rr_data(zone.soa->rrs) + 4), 60);
	assert_int_equal(get32(rr_data(zone.soa_negative->rrs) + 4), 5);
	zone_free(&zone);
}

static void last_ttl_is_kept(void **state)
{
	(void)state;
	assert_int_equal(load("x. 7 SOA ns.x. r.x. 1 2 3 4 5\n NS ns.x.\na.x. A 192.0.2.1\n"), 0);
	check_data("a", TYPE_A, 7, "\300\0\2\1", 4);
	zone_free(&zone);
	assert_int_equal(load("x. SOA ns.x. r.x. 1 2 3 4 9\n NS ns.x.\na.x. A 192.0.2.1\n"), 0);
	check_data("a", TYPE_A, 9, "\300\0\2\1", 4);
	zone_free(&zone);
}

static void copies_are_dropped(void **state)
{
	(void)state;
	assert_int_equal(load(HEAD "a MX 1 b\nA mx 1 B\n MX 2 b\n MX 1 c\n"), 0);
	assert_int_equal(set_of("a", TYPE_MX)->count, 3);
	zone_free(&zone);
}

static void tree(void **state)
{
	(void)state;
	assert_int_equal(load(HEAD "d NS n.d\nn.d A 192.0.2.1\na.b.c TXT t\n*.w TXT t\nm MX 1 z\n"),
			 0);
	assert_non_null(set_of("a.b.c", 16));
	assert_null(set_of("b.c", 16));    // an empty non-terminal has a node
	assert_null(set_of("z", TYPE_A));  // and so has a name in data
	assert_null(zone.apex->wild);
	assert_non_null(set_of("*.w", 16));
	assert_int_equal(zone.apex->flags, NODE_EXISTS);
	assert_non_null(set_of("d", TYPE_NS));
	zone_free(&zone);
}

static void many_names_grow_the_table(void **state)
{
	size_t cap = 400000, n;
	char *text = malloc(cap);
	struct text t;

	(void)state;
	text_init(&t, text, cap);
	text_str(&t, HEAD);
	for (uint32_t i = 0; i < 10000; i++) {
		text_str(&t, "n");
		text_num(&t, i);
		text_str(&t, " A 192.0.2.1\n");
	}
	n = t.len;
	assert_true(n < cap - 1);
	assert_int_equal(load(text), 0);
	free(text);
	assert_int_equal(zone.owners, 10001);
	assert_non_null(set_of("n0", TYPE_A));
	assert_non_null(set_of("n9999", TYPE_A));
	zone_free(&zone);
}

static void faults_name_their_line(void **state)
{
	static const char *const cases[][2] = {
		{ "", "f:1: no SOA" },
		{ HEAD "a A 1.2.3\n", "f:5: bad IPv4 address '1.2.3'" },
		{ HEAD "a TXT \"b\n", "f:5: unterminated quoted string" },
		{ HEAD "a TXT \"b\\", "f:5: unterminated quoted string" },
		{ HEAD "a TXT (\n\n", "f:5: missing closing parenthesis" },
		{ HEAD "a TXT b\\", "f:5: backslash" },
		{ HEAD "a MX ( 1\n\n c..d )\n", "f:7: empty label in name 'c..d'" },
		{ HEAD "a CNAME b\na TXT t\n", "f:6: CNAME and other data at the same name 'a.x" },
		{ HEAD "a.y. TXT t\n", "f:5: out-of-zone data: 'a.y.'" },
		{ HEAD "a BOGUS", "f:5: unknown type 'BOGUS'" },
		{ HEAD "a TYPE300 \\# 2 0", "f:5: odd number" },
		{ HEAD "@ SOA ns r 1 2 3 4 5\n", "f:5: duplicate SOA" },
		{ HEAD "$INCLUDE a\n", "f:5: a zone is one file" },
		{ HEAD "a 99999999999 A 192.0.2.1\n", "f:5: TTL is larger" },
		{ HEAD "a", "f:5: record without a type" },
		{ "x. 1 SOA a. b. 1 2 3 4 5", "f:1: no NS record" },
		{ "\377\376\0", "f:1: relative name" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(load(cases[i][0]), -EINVAL);
		if (strncmp(message, cases[i][1], strlen(cases[i][1])))
			fail_msg("got '%s', not '%s'", message, cases[i][1]);
		zone_free(&zone);
	}
}

static void ttls(void **state)
{
	uint32_t ttl;

	(void)state;
	assert_int_equal(ttl_parse("0", 1, &ttl), 0);
	assert_int_equal(ttl_parse("2147483647", 10, &ttl), 0);
	assert_int_equal(ttl, 2147483647);
	assert_int_equal(ttl_parse("2147483648", 10, &ttl), -ERANGE);
	assert_int_equal(ttl_parse("99999999999999999999999999", 26, &ttl), -ERANGE);
	assert_int_equal(ttl_parse("99999999999999999999999999w1w", 29, &ttl), -ERANGE);
	assert_int_equal(ttl_parse("1w2D3h4m5s", 10, &ttl), 0);
	assert_int_equal(ttl, 604800 + 2 * 86400 + 3 * 3600 + 4 * 60 + 5);
	assert_int_equal(ttl_parse("", 0, &ttl), -EINVAL);
	assert_int_equal(ttl_parse("h", 1, &ttl), -EINVAL);
	assert_int_equal(ttl_parse("1h5", 3, &ttl), -EINVAL);
	assert_int_equal(ttl_parse("-1", 2, &ttl), -EINVAL);
	assert_int_equal(ttl_parse("1x", 2, &ttl), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records), cmocka_unit_test(soa_ttl_of_negative_answers),
		cmocka_unit_test(last_ttl_is_kept), cmocka_unit_test(copies_are_dropped),
		cmocka_unit_test(tree), cmocka_unit_test(many_names_grow_the_table),
		cmocka_unit_test(faults_name_their_line), cmocka_unit_test(ttls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
