// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The values of a build, one by one.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <image/spec.h>

static struct spec spec;
static struct failure why;

typedef int take_fn(struct spec *, const char *, struct failure *);

static int setup(void **state)
{
	spec_init(&spec);
	return 0;
}

static int teardown(void **state)
{
	spec_free(&spec); // what leaks fails the program (ASan)
	return 0;
}

// All are refused, with the text in the message.
static void refuse(take_fn *take, const char *const *texts)
{
	for (; *texts; texts++) {
		if (take(&spec, *texts, &why) != -EINVAL)
			fail_msg("\"%s\" was taken", *texts);
		assert_non_null(strstr(why.text, *texts));
	}
}

static void memory(const char *text, uint64_t bytes)
{
	if (spec_memory(&spec, text, &why))
		fail_msg("%s", why.text);
	assert_int_equal(spec.memory, bytes);
}

static void names(void **state)
{
	static const char *const bad[] = { "", ".", "..", ".x", "-x", "a/b", "a b", "a\n", "\xc3\xa4", NULL };
	char text[65];

	assert_int_equal(spec_name(&spec, "web-1.0_x", &why), 0);
	assert_string_equal(spec.name, "web-1.0_x");
	refuse(spec_name, bad);
	memset(text, 'x', 64);
	text[64] = 0;
	assert_int_equal(spec_name(&spec, text, &why), -EINVAL);
	assert_int_equal(spec_name(&spec, text + 1, &why), 0);
}

static void takes_memory(void **state)
{
	memory("1M", 1ull << 20);
	memory("4m", 4ull << 20);
	memory("1048576", 1ull << 20);
	memory("1024K", 1ull << 20);
	memory("2G", 2ull << 30);
	memory("3GiB", 3ull << 30);
	memory("512MB", 512ull << 20);
	memory("16T", 16ull << 40);
}

static void refuses_memory(void **state)
{
	static const char *const bad[] = { "", "M", "x", "1X", "-1M", "+5M", " 4M", "4 M", "4MM", "4M4", "0", "0M", "1023K", "1",
					   "17T", "99999999999999999999", "18446744073709551615G", "1e9", "0x100000", "1.5G", NULL };

	refuse(spec_memory, bad);
}

static void takes_networks(void **state)
{
	assert_int_equal(spec_network(&spec, "none", &why), 0);
	assert_int_equal(spec.net, MANIFEST_NET_NONE);
	assert_int_equal(spec_network(&spec, "tap:pith0", &why), 0);
	assert_int_equal(spec.net, MANIFEST_NET_TAP);
	assert_string_equal(spec.net_name, "pith0");
	assert_int_equal(spec_network(&spec, "ramp", &why), 0);
	assert_int_equal(spec.net, MANIFEST_NET_NAMED);
	assert_string_equal(spec.net_name, "ramp");
	assert_int_equal(spec_network(&spec, "user", &why), 0);
	assert_null(spec.net_name);
	assert_true(spec.net_set);
}

static void refuses_networks(void **state)
{
	static const char *const bad[] = { "", "tap", "tap:", "a.b", "None", "user ", "tap:abcdefghijklmnop", "tap:a/b", NULL };

	refuse(spec_network, bad);
}

static void port(const char *text, unsigned host, unsigned guest, unsigned udp)
{
	const struct manifest_port *p;

	if (spec_port(&spec, text, &why))
		fail_msg("%s", why.text);
	p = &spec.ports[spec.port_count - 1];
	assert_int_equal(p->host, host);
	assert_int_equal(p->guest, guest);
	assert_int_equal(p->udp, udp);
}

static void takes_ports(void **state)
{
	port("80", 0, 80, 0);
	port("8080:80", 8080, 80, 0);
	port("5353:53/udp", 5353, 53, 1);
	port("53/tcp", 0, 53, 0);
	port("65535:1", 65535, 1, 0);
}

static void refuses_ports(void **state)
{
	static const char *const bad[] = { "", ":", "80:", ":80", "0", "80:0", "0:80", "65536", "80:65536", "a", "80:b", "1:2:3", "80/",
					   "80/sctp", "80/udp/tcp", "-1", " 80", "80 ", "99999999999999999999:80", "80:80/UDP", NULL };

	refuse(spec_port, bad);
	assert_int_equal(spec.port_count, 0);
}

static void takes_env(void **state)
{
	assert_int_equal(spec_env(&spec, "A=1", &why), 0);
	assert_int_equal(spec_env(&spec, "AB=2=3", &why), 0);
	assert_int_equal(spec_env(&spec, "EMPTY=", &why), 0);
	assert_int_equal(spec_env(&spec, "A=4", &why), 0); // the last one wins, in its place
	assert_int_equal(spec.env.count, 3);
	assert_string_equal(spec.env.at[0], "A=4");
	assert_string_equal(spec.env.at[1], "AB=2=3");
	assert_null(spec.env.at[3]);
}

static void refuses_env(void **state)
{
	static const char *const bad[] = { "", "A", "=", "=x", NULL };

	refuse(spec_env, bad);
}

static void takes_files(void **state)
{
	assert_int_equal(spec_file(&spec, "a:/b", &why), 0);
	assert_int_equal(spec_file(&spec, "/a:b/c:/d/e", &why), 0); // a colon in the host's path
	assert_int_equal(spec_file(&spec, "a:/b/..c/.d/...", &why), 0);
	assert_int_equal(spec.files.count, 3);
}

static void refuses_files(void **state)
{
	static const char *const bad[] = { "", ":", "a", "a:", ":/b", "a:b", "a:/", "a:/..", "a:/b/../c", "a:/./b", "a:/b/.", "a://b",
					   "a:/b//c", "a:/b/", NULL };
	char long_name[300] = "a:/";

	memset(long_name + 3, 'x', 256);
	refuse(spec_file, bad);
	assert_int_equal(spec_file(&spec, long_name, &why), -EINVAL);
	assert_int_equal(spec.files.count, 0);
}

static void platforms(void **state)
{
	static const char *const bad[] = { "", "KVM", "kvm,", ",pc", "kvm,,pc", "xen", "pc,xen", NULL };

	assert_int_equal(spec.platforms, IMAGE_F_KVM | IMAGE_F_PROCESS | IMAGE_F_PC);
	assert_int_equal(spec_platform(&spec, "kvm", &why), 0);
	assert_int_equal(spec.platforms, IMAGE_F_KVM);
	assert_int_equal(spec_platform(&spec, "process", &why), 0);
	assert_int_equal(spec.platforms, IMAGE_F_PROCESS);
	assert_int_equal(spec_platform(&spec, "pc", &why), 0);
	assert_int_equal(spec.platforms, IMAGE_F_PC);
	assert_int_equal(spec_platform(&spec, "kvm,process", &why), 0);
	assert_int_equal(spec.platforms, IMAGE_F_KVM | IMAGE_F_PROCESS);
	assert_int_equal(spec_platform(&spec, "all", &why), 0);
	assert_int_equal(spec.platforms, IMAGE_F_KVM | IMAGE_F_PROCESS | IMAGE_F_PC);
	refuse(spec_platform, bad);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names), TEST(takes_memory), TEST(refuses_memory), TEST(takes_networks), TEST(refuses_networks), TEST(takes_ports),
		TEST(refuses_ports), TEST(takes_env), TEST(refuses_env), TEST(takes_files), TEST(refuses_files), TEST(platforms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
