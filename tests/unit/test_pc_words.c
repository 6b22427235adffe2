// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The command line on pc: quotes, every word, what is not understood, and lengths.
#include <arpa/inet.h>
#include <stdlib.h>

#include <tests/unit/pc/machine.h>
#include <stdio.h>

#include <cmocka.h>

#define NOT_UNDERSTOOD "pith: this word of the command line is not understood: "

static const char *line;
static size_t room;

static void go(struct start *s) { words_read(s, line, room); }

// The text lies at the end of what may be read.
static const struct words *words(const char *text)
{
	static char *copy;

	free(copy);
	copy = strdup(text);
	line = copy;
	room = CMDLINE_MAX;
	machine_reset();
	machine_run(go);
	return &machine.words;
}

static void nothing(void **state)
{
	assert_int_equal(words("")->arg_count, 0);
	assert_int_equal(words(" \t\n ")->env_count, 0);
	assert_false(machine.words.args_given);
	assert_string_equal(machine.pc.notes, "");
	assert_int_equal(machine.words.net.flags, NET_DHCP | NET_V6_AUTO);
	room = 0;
	line = NULL;
	machine_reset();
	assert_true(machine_run(go));
}

static void quotes(void **state)
{
	const struct words *w = words("env=A=b \"env=C=d e\" env=F=\"g h\"\" i\" -- \"\" a\\\"b c\\\\ \\d \"open -- x");

	assert_int_equal(w->env_count, 3);
	assert_string_equal(w->env[0], "A=b");
	assert_string_equal(w->env[1], "C=d e");
	assert_string_equal(w->env[2], "F=g h i");
	assert_int_equal(w->arg_count, 5);
	assert_string_equal(w->args[0], "");
	assert_string_equal(w->args[1], "a\"b");
	assert_string_equal(w->args[2], "c\\");
	assert_string_equal(w->args[3], "\\d");
	assert_string_equal(w->args[4], "open -- x");
	assert_string_equal(words("-- \\")->args[0], "\\");
	assert_string_equal(words("-- it\\'s")->args[0], "it's"); // as GRUB has it
}

static void what_each_word_does(void **state)
{
	const struct words *w = words("hostname=box trace tty=02 console=ttyS0 ip=10.1.2.3/20,10.1.0.1 dns=1.2.3.4,5.6.7.8 "
				      "volume=data:/srv volume=disk0:/var/lib:ro virtio_mmio.device=512@0xfeb00e00:12 "
				      "virtio_mmio.device=4K@0xd0000000:5:3 -- x");

	assert_string_equal(machine.pc.notes, "");
	assert_string_equal(w->hostname, "box");
	assert_int_equal(w->flags, BOOT_TRACE | BOOT_STDIN_TTY | BOOT_STDIN_TTY << 2);
	assert_true(w->uart_console);
	assert_int_equal(w->net.v4_addr, inet_addr("10.1.2.3"));
	assert_int_equal(w->net.v4_mask, inet_addr("255.255.240.0"));
	assert_int_equal(w->net.v4_gateway, inet_addr("10.1.0.1"));
	assert_int_equal(w->net.flags, NET_V6_AUTO);
	assert_int_equal(w->net.dns_count, 2);
	assert_memory_equal(w->net.dns[1], "\0\0\0\0\0\0\0\0\0\0\xff\xff\5\6\7\10", 16);
	assert_int_equal(w->volume_count, 2);
	assert_string_equal(w->volume[0].name, "data");
	assert_string_equal(w->volume_at[0], "/srv");
	assert_string_equal(w->volume[1].name, "disk0");
	assert_string_equal(w->volume_at[1], "/var/lib");
	assert_int_equal(w->readonly_volumes, 2);
	assert_int_equal(w->mmio_count, 2);
	assert_int_equal(w->mmio[0].at, 0xfeb00e00);
	assert_int_equal(w->mmio[0].irq, 12);
	assert_int_equal(w->mmio[1].at, 0xd0000000);
	assert_int_equal(w->mmio[1].irq, 5);
	assert_true(words("ip=none")->no_net);
	assert_int_equal(words("ip=10.0.0.1/32")->net.v4_mask, 0xffffffff);
	assert_int_equal(words("ip=dhcp")->net.flags, NET_DHCP | NET_V6_AUTO);
	assert_false(words("console=ttyS0 console=hvc0")->uart_console);
}

static void addresses_of_ipv6(void **state)
{
	static const char *const right[] = { "fec0::f", "fd70:6974:6800::70:1ff:fe00:4", "1:2:3:4:5:6:7:8", "1::", "::1", "1::8",
					     "ABCD:ef01:2345:6789:abcd:EF01:2345::", "::2:3:4:5:6:7:8" };
	static const char *const wrong[] = { "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:", ":1::2",
					     "1::2::3", "12345::", "g::", "1::2/64", "1:::2", "::1:2:3:4:5:6:7:8", "1.2.3.4",
					     "1:2:3:4:5:6:7:8::" };
	char word[80];

	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		uint8_t want[16];

		assert_int_equal(inet_pton(AF_INET6, right[i], want), 1);
		snprintf(word, sizeof(word), "ip6=%s", right[i]);
		assert_memory_equal(words(word)->net.v6_addr, want, 16);
		assert_string_equal(machine.pc.notes, "");
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		static const uint8_t none[16];

		snprintf(word, sizeof(word), "ip6=%s", wrong[i]);
		assert_memory_equal(words(word)->net.v6_addr, none, 16);
		assert_string_not_equal(machine.pc.notes, "");
	}
	assert_memory_equal(words("ip6=1:2:3:4:5:6:7:8 ip6=::9")->net.v6_addr, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x09", 16); // the last counts
}

static void the_terminal(void **state)
{
	const struct words *w = words("tty=12,24x80");

	assert_int_equal(w->flags, BOOT_STDIN_TTY << 1 | BOOT_STDIN_TTY << 2);
	assert_int_equal(w->tty_rows, 24);
	assert_int_equal(w->tty_cols, 80);
	assert_int_equal(words("tty=0")->tty_rows, 0);
}

static void words_for_linux_are_passed_over(void **state)
{
	words("reboot=k panic=1 pci=off nomodule 8250.nr_uarts=0 i8042.noaux i8042.nomux i8042.dumbkbd swiotlb=noforce "
	      "root=/dev/vda rw virtio_mmio.device=4K@0xd0000000:5"); // Firecracker
	assert_string_equal(machine.pc.notes, "");
	words("BOOT_IMAGE=/image root=/dev/vda ro quiet reboot=k panic=1 pci=off nomodule 8250.nr_uarts=0 i8042.noaux random.trust_cpu=on tsc=reliable");
	assert_string_equal(machine.pc.notes, "");
}

// The word is named, and nothing of it counts.
static void refused(const char *word)
{
	const struct words *w = words(word);
	char note[600] = NOT_UNDERSTOOD;

	assert_string_equal(machine.pc.notes, strcat(strcat(note, word), "\n"));
	assert_int_equal(w->net.v4_addr, 0);
	assert_int_equal(w->net.flags, NET_DHCP | NET_V6_AUTO);
	assert_int_equal(w->volume_count, 0);
	assert_int_equal(w->readonly_volumes, 0);
	assert_int_equal(w->mmio_count, 0);
	assert_false(w->no_net);
}

static void wrong_words(void **state)
{
	static const char *const wrong[] = {
		"hello", "hostname", "rooty=1", "tracer", "Quiet", "randomly", "cwd=/",
		"ip=", "ip=10.0.0.1", "ip=10.0.0/8", "ip=10.0.0.1/0", "ip=10.0.0.1/33", "ip=256.0.0.1/8", "ip=10.0.0.1/8,", "ip=10.0.0.1/8,x",
		"ip=10.0.0.1/8,1.2.3.4x", "ip=10..0.1/8", "ip=nonesuch", "ip=10.0.0.1/18446744073709551624",
		"ip=18446744073709551617.0.0.1/8",
		"dns=", "dns=1.2.3", "dns=1.2.3.4.5", "dns=a.b.c.d",
		"volume=", "volume=x", "volume=:/x", "volume=x:y", "volume=x:/y:rw", "volume=x:/y:ro:",
		"volume=0123456789012345678901234567890123456789:/x",
		"console=tt", "tty=3", "tty=x", "tty=0,", "tty=0,24", "tty=0,24x80x",
		"virtio_mmio.device=", "virtio_mmio.device=512", "virtio_mmio.device=512@", "virtio_mmio.device=@0x1000", "virtio_mmio.device=4M@0x1000:1",
		"virtio_mmio.device=512@0x1000000000:1", "virtio_mmio.device=512@18446744073709551616:1",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		refused(wrong[i]);
}

static void a_wrong_volume_leaves_no_trace(void **state)
{
	const struct words *w = words("volume=averylongname volume=b:/x");

	assert_int_equal(w->volume_count, 1);
	assert_string_equal(w->volume[0].name, "b");
	w = words("volume=b:/x volume=c:/y:rw");
	assert_int_equal(w->volume_count, 1);
	assert_null(w->volume_at[1]);
}

// `count` times the word, and what is behind it.
static const struct words *many(unsigned count, const char *word, const char *behind)
{
	static char text[CMDLINE_MAX * 2];

	text[0] = 0;
	for (char *p = text; count--;)
		p = stpcpy(p, word);
	return words(strcat(text, behind));
}

static void too_many(void **state)
{
	assert_int_equal(many(PC_VOLUMES_MAX + 1, "volume=a:/b ", "")->volume_count, PC_VOLUMES_MAX);
	assert_string_equal(machine.pc.notes, NOT_UNDERSTOOD "volume=a:/b\n");
	assert_int_equal(many(PC_DEVICES_MAX + 1, "virtio_mmio.device=1@2:3 ", "")->mmio_count, PC_DEVICES_MAX);
	assert_int_equal(words("env=A env= env==b env=C=")->env_count, 1);
	assert_string_equal(machine.words.env[0], "C=");
	assert_int_equal(many(WORDS_MAX + 1, "env=A=b ", "")->env_count, WORDS_MAX);
	assert_null(machine.words.env[WORDS_MAX]);
	assert_int_equal(many(4, "dns=1.2.3.4 ", "")->net.dns_count, 3);
	assert_int_equal(words("dns=1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4")->net.dns_count, 3);
	assert_int_equal(many(1, "-- ", "")->arg_count, 0);
	assert_true(machine.words.args_given);
	many(WORDS_MAX + 1, "x ", "");
	assert_null(machine_failed);
	assert_int_equal(strlen(machine.pc.notes), sizeof(machine.pc.notes) - 1);
	words("--");
	many(1, "-- x", "");
	assert_null(machine_failed);
	assert_int_equal(machine.words.arg_count, 1);
}

static void arguments_are_counted(void **state)
{
	char text[CMDLINE_MAX] = "--";

	for (unsigned i = 0; i < WORDS_MAX; i++)
		strcat(text, " x");
	assert_int_equal(words(text)->arg_count, WORDS_MAX);
	assert_null(machine_failed);
	words(strcat(text, " x"));
	assert_string_equal(machine_failed, "more than 128 arguments on the command line");
}

static void a_line_without_an_end(void **state)
{
	char text[CMDLINE_MAX + 1];

	memset(text, 'x', sizeof(text));
	text[CMDLINE_MAX] = 0;
	words(text);
	assert_string_equal(machine_failed, "the command line has more than 4095 bytes");
	text[CMDLINE_MAX - 1] = 0;
	words(text);
	assert_null(machine_failed);
	// The room ends before the text does: that is the end of the text.
	line = memset(malloc(5), 'y', 5);
	room = 5;
	machine_reset();
	assert_true(machine_run(go));
	assert_string_equal(machine.pc.notes, NOT_UNDERSTOOD "yyyyy\n");
	free((void *)line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing),
		cmocka_unit_test(quotes),
		cmocka_unit_test(what_each_word_does),
		cmocka_unit_test(addresses_of_ipv6),
		cmocka_unit_test(the_terminal),
		cmocka_unit_test(words_for_linux_are_passed_over),
		cmocka_unit_test(wrong_words),
		cmocka_unit_test(a_wrong_volume_leaves_no_trace),
		cmocka_unit_test(too_many),
		cmocka_unit_test(arguments_are_counted),
		cmocka_unit_test(a_line_without_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
