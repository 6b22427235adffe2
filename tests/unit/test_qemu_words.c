// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Two command lines: QEMU's for a shell, and the guest's.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <monitor/qemu/half.h>

static void shell(const char *word, const char *want)
{
	struct words w = { NULL, 0, 0, false };
	char *text;

	words_add(&w, "%s", word);
	text = words_shell(&w);
	assert_string_equal(text, want);
	free(text);
	words_free(&w);
}

static void words_for_a_shell(void **state)
{
	shell("plain-1,x=/a.b:c", "plain-1,x=/a.b:c");
	shell("", "''");
	shell("a b", "'a b'");
	shell("it's", "'it'\\''s'");
	shell("$(x)`y`;&|<>*?~#!\\\"\n", "'$(x)`y`;&|<>*?~#!\\\"\n'");
	shell("\xc3\xa4", "'\xc3\xa4'");
}

static void many_words(void **state)
{
	struct words w = { NULL, 0, 0, false };

	for (unsigned i = 0; i < 1000; i++) {
		words_add(&w, "%u", i);
		assert_null(w.at[w.count]); // as execve needs it
	}
	assert_string_equal(w.at[999], "999");
	assert_false(w.failed);
	words_free(&w);
}

static struct monitor_config cfg;
static struct monitor monitor;
static struct qemu qemu;

static int setup(void **state)
{
	memset(&cfg, 0, sizeof(cfg));
	memset(&monitor, 0, sizeof(monitor));
	memset(&qemu, 0, sizeof(qemu));
	monitor.cfg = &cfg;
	qemu.m = &monitor;
	return 0;
}

static void says(const char *want)
{
	bool too_long;
	char *text = qemu_append(&qemu, 0, &too_long);

	assert_non_null(text);
	assert_false(too_long);
	assert_string_equal(text, want);
	free(text);
}

static void nothing_to_say(void **state)
{
	says("console=hvc0");
	cfg.args = (load_strings)(const char *const[]){ NULL };
	says("console=hvc0 --"); // no arguments is not the image's arguments
}

static void quotes(void **state)
{
	cfg.name = "n";
	cfg.env = (load_strings)(const char *const[]){ "A=b c", "B=\"", "C=\\", "D=", NULL };
	cfg.args = (load_strings)(const char *const[]){ "", "a\tb", "--", "x=y", NULL };
	says("console=hvc0 hostname=n \"env=A=b c\" \"env=B=\\\"\" \"env=C=\\\\\" env=D= -- "
	     "\"\" \"a\tb\" -- x=y");
}

static void everything(void **state)
{
	const struct volume_spec volumes[] = { { "/h", "/a", false }, { "/h", "/b c", true } };
	bool too_long;
	char *text;

	monitor.net = MANIFEST_NET_USER;
	monitor.boot_flags = BOOT_TRACE | BOOT_STDIN_TTY | BOOT_STDERR_TTY;
	qemu.address = (struct load_net){
		.v4_addr = 0x0f02000a, .v4_mask = 0x00ffffff, .v4_gateway = 0x0202000a,
		.v6_addr = { 0xfe, 0xc0, [15] = 15 },
		.dns_count = 2,
		.dns = { { [10] = 0xff, 0xff, 10, 0, 2, 3 }, { [10] = 0xff, 0xff, 1, 1, 1, 1 } },
	};
	cfg.volumes = volumes;
	cfg.volume_count = 2;
	qemu.area.tty_rows = 24;
	qemu.area.tty_cols = 80;
	text = qemu_append(&qemu, 1, &too_long);
	assert_string_equal(text, "console=hvc0 ip=10.0.2.15/24,10.0.2.2 ip6=fec0::f dns=10.0.2.3,1.1.1.1 "
				  "volume=vol0:/a \"volume=vol1:/b c:ro\" tty=02,24x80 trace "
				  "virtio_mmio.device=512@0xfeb00000:5");
	free(text);
}

static void addresses(void **state)
{
	monitor.net = MANIFEST_NET_TAP;
	says("console=hvc0 ip=none");
	qemu.address.flags = NET_DHCP;
	says("console=hvc0 ip=dhcp");
}

static void too_long(void **state)
{
	static char text[5000];
	bool long_one;

	memset(text, 'x', sizeof(text) - 1);
	cfg.name = text;
	assert_null(qemu_append(&qemu, 0, &long_one));
	assert_true(long_one);
	text[4096 - sizeof("console=hvc0 hostname=")] = 0;
	free(qemu_append(&qemu, 0, &long_one));
	assert_false(long_one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_for_a_shell),
		cmocka_unit_test(many_words),
		cmocka_unit_test_setup(nothing_to_say, setup),
		cmocka_unit_test_setup(quotes, setup),
		cmocka_unit_test_setup(everything, setup),
		cmocka_unit_test_setup(addresses, setup),
		cmocka_unit_test_setup(too_long, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
