// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the builder writes, the door for images takes: everything comes back as it went in; cut off anywhere or with any byte changed it
// is refused; and with the sum left out of the game, no byte makes the door read outside (ASan).
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <image/compose.h>
#include <monitor/image.h>

static char dir[] = "/tmp/unit-compose.XXXXXX";
static char nucleus[64], output[64];
static uint8_t text[5000], rodata[100], data[200], symbols[40];
static struct image_reloc relocs[3];
static struct spec spec;
static struct strings calls;
static struct kernel kernel;
static struct compose compose;
static struct failure why;
static struct composed made;
static struct tree *root;

static void write_bytes(const char *path, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static int setup(void **state)
{
	if (!mkdtemp(dir))
		return -1;
	snprintf(nucleus, sizeof(nucleus), "%s/nucleus", dir);
	snprintf(output, sizeof(output), "%s/out.pith", dir);
	root = tree_new();
	write_bytes(nucleus, "nucleus", 7);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 7);
	kernel = (struct kernel){
		.text = { text, sizeof(text), 0, sizeof(text) }, .rodata = { rodata, sizeof(rodata), 0x2000, sizeof(rodata) },
		.data = { data, sizeof(data), 0x3000, 0x5000 }, .entry = 16, .syscall_entry = 32, .trap_entry = 4999,
		.relocs = relocs, .reloc_count = 3, .symbols = symbols, .symbols_len = sizeof(symbols),
	};
	relocs[0].va = 0x3000;
	relocs[1].va = 0x3008;
	relocs[2].va = 0x3000 + 192;
	spec_init(&spec);
	spec.memory = 8 << 20;
	spec.in_place = true;
	if (strings_add(&spec.args, "-x") || strings_add(&spec.args, "") || spec_env(&spec, "A=b", &why) ||
	    spec_port(&spec, "8080:80", &why) || spec_port(&spec, "53/udp", &why) || spec_network(&spec, "tap:t0", &why) ||
	    strings_add(&calls, "read"))
		return -1;
	compose = (struct compose){ .spec = &spec, .kernel = &kernel, .calls = &calls, .guest_program = "/prog", .name = "image",
				    .flags = IMAGE_F_KVM | IMAGE_F_PROCESS | IMAGE_F_NET, .net = MANIFEST_NET_TAP, .program_len = 77,
				    .nucleus = nucleus, .root = root };
	return 0;
}

static int teardown(void **state)
{
	spec_free(&spec);
	free(calls.at[0]);
	free(calls.at);
	tree_free(root);
	unlink(nucleus);
	unlink(output);
	return rmdir(dir);
}

static uint8_t *make(size_t *len)
{
	uint8_t *bytes;
	struct stat st;
	FILE *f;

	if (compose_image(&compose, output, &made, &why))
		fail_msg("%s", why.text);
	assert_int_equal(stat(output, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	*len = (size_t)st.st_size;
	bytes = malloc(*len);
	f = fopen(output, "r");
	assert_int_equal(fread(bytes, 1, *len, f), *len);
	fclose(f);
	return bytes;
}

static const char *nth(const struct image *img, struct manifest_list list, unsigned n)
{
	const char *s = image_string(img, list.off);

	while (n--)
		s += strlen(s) + 1;
	return s;
}

static void comes_back(void **state)
{
	struct image img;
	const struct manifest *m;
	const struct manifest_port *port;
	size_t len;

	free(make(&len));
	if (image_open(&img, output, NULL, &why))
		fail_msg("%s", why.text);
	m = img.manifest;
	assert_memory_equal(image_bytes(&img, IMAGE_PART_TEXT), text, sizeof(text));
	assert_memory_equal(image_bytes(&img, IMAGE_PART_NUCLEUS), "nucleus", 7);
	assert_int_equal(image_part(&img, IMAGE_PART_DATA)->mem_len, 0x5000);
	assert_int_equal(image_part(&img, IMAGE_PART_RELOCS)->len, sizeof(relocs));
	assert_int_equal(img.header.trap_entry, 4999);
	assert_string_equal(image_string(&img, m->program), "/prog");
	assert_string_equal(image_string(&img, m->name), "image");
	assert_string_equal(image_string(&img, m->net_name), "t0");
	assert_int_equal(m->args.count, 3);
	assert_string_equal(nth(&img, m->args, 0), "/prog");
	assert_string_equal(nth(&img, m->args, 1), "-x");
	assert_string_equal(nth(&img, m->args, 2), "");
	assert_string_equal(nth(&img, m->env, 0), "A=b");
	assert_string_equal(nth(&img, m->calls, 0), "read");
	assert_int_equal(m->memory, 8 << 20);
	assert_int_equal(m->program_len, 77);
	port = (const void *)((const char *)m + m->ports);
	assert_int_equal(m->port_count, 2);
	assert_int_equal(port[0].host, 8080);
	assert_int_equal(port[1].udp, 1);
	image_close(&img);
}

static void is_the_same_each_time(void **state)
{
	size_t len, again_len;
	uint8_t *one = make(&len), *again = make(&again_len);

	assert_int_equal(len, again_len);
	assert_memory_equal(one, again, len);
	free(one);
	free(again);
}

static int check(const uint8_t *bytes, size_t len, bool sum)
{
	uint8_t *copy = malloc(len ? len : 1); // exactly as long as it is
	struct image img = { .fd = -1, .path = "cut" };
	int err;

	memcpy(copy, bytes, len);
	why.text[0] = 0;
	err = image_check(&img, copy, len, sum, &why);
	if (err)
		assert_non_null(strstr(why.text, "cut"));
	free(copy);
	return err;
}

static void is_refused_when_cut_off(void **state)
{
	size_t len;
	uint8_t *bytes = make(&len);

	assert_int_equal(check(bytes, len, true), 0);
	for (size_t n = 0; n < len; n++)
		if (!check(bytes, n, true))
			fail_msg("taken with %zu of %zu bytes", n, len);
	free(bytes);
}

static void is_refused_with_any_byte_changed(void **state)
{
	size_t len;
	uint8_t *bytes = make(&len);

	for (size_t at = 0; at < len; at++) {
		uint8_t was = bytes[at];

		for (unsigned bit = 0; bit < 8; bit += 7) {
			bytes[at] = was ^ (uint8_t)(1u << bit);
			if (!check(bytes, len, true))
				fail_msg("taken with byte %zu of %zu changed", at, len);
		}
		bytes[at] = was;
	}
	free(bytes);
}

static void is_refused_with_bytes_behind(void **state)
{
	size_t len;
	uint8_t *bytes = make(&len);

	bytes = realloc(bytes, len + 1);
	bytes[len] = 0;
	assert_true(check(bytes, len + 1, true) < 0);
	assert_non_null(strstr(why.text, "too many"));
	free(bytes);
}

// Whoever changes an image on purpose makes the sum right: every check behind it must hold by itself.
static void is_checked_without_the_sum(void **state)
{
	size_t len;
	uint8_t *bytes = make(&len);

	for (size_t at = 0; at < len; at++) {
		uint8_t was = bytes[at];

		if (at == 4096)
			at = len - 4096; // text has no structure
		for (unsigned i = 0; i < 3; i++) {
			bytes[at] = (uint8_t[]){ 0, 0xff, (uint8_t)(was ^ 0x80) }[i];
			check(bytes, len, false);
		}
		bytes[at] = was;
	}
	free(bytes);
}

static void without_nucleus_is_for_process_only(void **state)
{
	struct image img;

	compose.nucleus = NULL;
	compose.flags = IMAGE_F_PROCESS;
	assert_int_equal(compose_image(&compose, output, &made, &why), 0);
	assert_int_equal(image_open(&img, output, NULL, &why), 0);
	assert_int_equal(image_part(&img, IMAGE_PART_NUCLEUS)->len, 0);
	image_close(&img);
	compose.flags = IMAGE_F_PROCESS | IMAGE_F_KVM;
	assert_int_equal(compose_image(&compose, output, &made, &why), 0);
	assert_true(image_open(&img, output, NULL, &why) < 0);
	compose.nucleus = nucleus;
}

static void leaves_nothing_when_it_fails(void **state)
{
	compose.nucleus = "/nonexistent/nucleus.bin";
	unlink(output);
	assert_true(compose_image(&compose, output, &made, &why) < 0);
	assert_non_null(strstr(why.text, "/nonexistent/nucleus.bin"));
	compose.nucleus = nucleus;
	assert_int_equal(access(output, F_OK), -1);
	assert_int_equal(compose_image(&compose, "/nonexistent/x.pith", &made, &why), -ENOENT);
	assert_non_null(strstr(why.text, "/nonexistent/x.pith"));
	assert_true(compose_image(&compose, dir, &made, &why) < 0); // a folder is in the way
	assert_non_null(strstr(why.text, dir));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back), cmocka_unit_test(is_the_same_each_time), cmocka_unit_test(is_refused_when_cut_off),
		cmocka_unit_test(is_refused_with_any_byte_changed), cmocka_unit_test(is_refused_with_bytes_behind),
		cmocka_unit_test(is_checked_without_the_sum), cmocka_unit_test(without_nucleus_is_for_process_only),
		cmocka_unit_test(leaves_nothing_when_it_fails),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
