// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Values on the command line.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <signal.h>
#include <host/options.h>

static struct failure why;

static void sizes(void **state)
{
	const struct {
		const char *text;
		uint64_t bytes;
	} good[] = { { "4096", 4096 },	  { "1k", 1024 },	 { "64M", 64 << 20 },
		     { "1MiB", 1 << 20 }, { "2GB", 2ull << 30 }, { "1T", 1ull << 40 } };
	uint64_t v;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(option_size(good[i].text, &v, &why), 0);
		assert_int_equal(v, good[i].bytes);
	}
}

static void no_sizes(void **state)
{
	const char *const bad[] = { "",
				    "M",
				    "0",
				    "0M",
				    "-1",
				    "1X",
				    "1 M",
				    "1.5M",
				    "1MM",
				    "99999999999999999999",
				    "18014398509481984T",
				    "0x10" };
	uint64_t v;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!option_size(bad[i], &v, &why))
			fail_msg("\"%s\" was taken", bad[i]);
		assert_non_null(strstr(why.text, bad[i]));
	}
}

static void ports(void **state)
{
	struct option_port p;

	assert_int_equal(option_port("8080:80", &p, &why), 0);
	assert_true(p.host == 8080 && p.guest == 80 && !p.udp && !p.addr);
	assert_int_equal(option_port("127.0.0.1:5353:53/udp", &p, &why), 0);
	assert_true(p.host == 5353 && p.guest == 53 && p.udp && p.addr == htonl(INADDR_LOOPBACK));
	assert_int_equal(option_port("1:65535/tcp", &p, &why), 0);
	assert_true(p.guest == 65535 && !p.udp);
}

static void no_ports(void **state)
{
	const char *const bad[] = { "",
				    "80",
				    ":80",
				    "80:",
				    "0:80",
				    "80:0",
				    "65536:1",
				    "1:65536",
				    "a:b",
				    "1:2/sctp",
				    "1:2/",
				    "1:2:3",
				    "1.2.3:4:5",
				    "1.2.3.4.5:6:7",
				    "300.0.0.1:1:2",
				    ":::",
				    "1:2:3:4",
				    "12345678901234567890:1:1" };
	struct option_port p;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!option_port(bad[i], &p, &why))
			fail_msg("\"%s\" was taken", bad[i]);
	}
}

static void seconds(void **state)
{
	unsigned ms;

	assert_int_equal(option_seconds("10", &ms, &why), 0);
	assert_int_equal(ms, 10000);
	assert_int_equal(option_seconds("0.25", &ms, &why), 0);
	assert_int_equal(ms, 250);
	assert_int_equal(option_seconds("0", &ms, &why), 0);
	assert_int_equal(ms, 0);
	assert_true(option_seconds("", &ms, &why) < 0);
	assert_true(option_seconds("-1", &ms, &why) < 0);
	assert_true(option_seconds("1s", &ms, &why) < 0);
	assert_true(option_seconds(".", &ms, &why) < 0);
	assert_true(option_seconds("9999999999", &ms, &why) < 0);
}

static void signals(void **state)
{
	int n;

	assert_int_equal(option_signal("TERM", &n, &why), 0);
	assert_int_equal(n, SIGTERM);
	assert_int_equal(option_signal("sigusr1", &n, &why), 0);
	assert_int_equal(n, SIGUSR1);
	assert_int_equal(option_signal("9", &n, &why), 0);
	assert_int_equal(n, SIGKILL);
	assert_true(option_signal("", &n, &why) < 0);
	assert_true(option_signal("0", &n, &why) < 0);
	assert_true(option_signal("65", &n, &why) < 0);
	assert_true(option_signal("TERMINATE", &n, &why) < 0);
	assert_true(option_signal("9x", &n, &why) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),    cmocka_unit_test(no_sizes), cmocka_unit_test(ports),
		cmocka_unit_test(no_ports), cmocka_unit_test(seconds),	cmocka_unit_test(signals),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
