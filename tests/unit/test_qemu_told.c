// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the host writes on a guest's command line is what the start-up code reads there: one's
// quotes, the other's.
#include <stdlib.h>

#include <tests/unit/pc/machine.h>

#include <cmocka.h>

#define words qemu_words // both halves have a struct words
#include <monitor/qemu/half.h>
#undef words

#define ROUNDS 3000
#define LONGEST 40

static struct monitor_config cfg;
static struct monitor monitor = { .cfg = &cfg };
static struct qemu qemu = { .m = &monitor };
static char *line;

static void go(struct start *s) { words_read(s, line, CMDLINE_MAX); }

static const struct words *told(void)
{
	bool too_long;

	free(line);
	line = qemu_append(&qemu, 3, &too_long);
	assert_non_null(line);
	machine_reset();
	assert_true(machine_run(go));
	assert_string_equal(machine.pc.notes, "");
	return &machine.words;
}

// Text that is hard to tell: what means something to either side, and any other byte.
static const char *odd(char *to, const char *front)
{
	static const char meant[] = " \"\\'=:-\t\n$";
	unsigned len = (unsigned)rand() % LONGEST;
	size_t n = strlen(strcpy(to, front));

	for (; len; len--) {
		char c = rand() % 2 ? meant[(unsigned)rand() % (sizeof(meant) - 1)] : (char)(rand() % 255 + 1);

		to[n++] = c;
	}
	to[n] = 0;
	return to;
}

static void any_text(void **state)
{
	char text[4][LONGEST + 8];
	const char *args[3], *env[3];

	srand(1);
	cfg.args = args;
	cfg.env = env;
	for (int i = 0; i < ROUNDS; i++) {
		const struct words *w;

		args[0] = odd(text[0], "");
		args[1] = odd(text[1], "--");
		env[0] = odd(text[2], "A=");
		env[1] = odd(text[3], "B=");
		args[2] = env[2] = NULL;
		w = told();
		assert_int_equal(w->arg_count, 2);
		assert_string_equal(w->args[0], args[0]);
		assert_string_equal(w->args[1], args[1]);
		assert_int_equal(w->env_count, 2);
		assert_string_equal(w->env[0], env[0]);
		assert_string_equal(w->env[1], env[1]);
	}
	cfg.args = cfg.env = NULL;
}

static void everything_else(void **state)
{
	const struct volume_spec volumes[] = { { "/h", "/a", false }, { "/h", "/b c\"", true } };
	const struct words *w;

	assert_false(told()->args_given);
	assert_true(told()->mmio_count == 3 && machine.words.mmio[2].irq == 7);
	cfg.volumes = volumes;
	cfg.volume_count = 2;
	cfg.name = "a-name.x_1";
	monitor.net = MANIFEST_NET_USER;
	monitor.boot_flags = BOOT_TRACE | BOOT_STDOUT_TTY;
	qemu.area.tty_rows = 25;
	qemu.area.tty_cols = 132;
	qemu.address = (struct load_net){
		.v4_addr = 0x0f02000a, .v4_mask = 0x00f0ffff, .v4_gateway = 0x0202000a, .v6_addr = { 0xfe, 0xc0, [15] = 15 },
		.dns_count = 1, .dns = { { [10] = 0xff, 0xff, 10, 0, 2, 3 } },
	};
	w = told();
	assert_string_equal(w->hostname, cfg.name);
	assert_int_equal(w->volume_count, 2);
	assert_string_equal(w->volume_at[0], "/a");
	assert_string_equal(w->volume_at[1], "/b c\"");
	assert_string_equal(w->volume[1].name, "vol1");
	assert_int_equal(w->readonly_volumes, 2);
	assert_int_equal(w->flags, BOOT_TRACE | BOOT_STDOUT_TTY);
	assert_int_equal(w->tty_rows, 25);
	assert_int_equal(w->tty_cols, 132);
	assert_int_equal(w->net.v4_addr, qemu.address.v4_addr);
	assert_int_equal(w->net.v4_mask, qemu.address.v4_mask);
	assert_int_equal(w->net.v4_gateway, qemu.address.v4_gateway);
	assert_memory_equal(w->net.v6_addr, qemu.address.v6_addr, 16);
	assert_memory_equal(w->net.dns, qemu.address.dns, sizeof(w->net.dns));
	assert_false(w->no_net || w->uart_console);
	monitor.net = MANIFEST_NET_TAP;
	memset(&qemu.address, 0, sizeof(qemu.address));
	assert_true(told()->no_net);
	qemu.address.flags = NET_DHCP;
	assert_true(!told()->no_net && machine.words.net.flags & NET_DHCP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_text),
		cmocka_unit_test(everything_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
