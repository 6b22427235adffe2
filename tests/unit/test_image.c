// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The door for images: a sound one comes in; one that is cut off or changed anywhere does not,
// whatever its sum says; each message names the file and what is wrong.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <errno.h>
#include <monitor/image.h>
#include <tests/unit/monitor/sample_image.h>

static struct sample sample;

static int fresh(void **state)
{
	sample_make(&sample);
	return 0;
}

static int check(size_t len, bool sum, struct failure *why)
{
	static struct image img;

	strcpy(img.path, "some.pith");
	why->text[0] = 0;
	return image_check(&img, sample.bytes, len, sum, why);
}

static void refused(const char *words)
{
	struct failure why;

	sample_seal(&sample);
	assert_true(check(SAMPLE_LEN, true, &why) < 0);
	if (!strstr(why.text, words) || !strstr(why.text, "some.pith"))
		fail_msg("\"%s\" does not say \"%s\"", why.text, words);
}

static void sound(void **state)
{
	struct failure why;

	if (check(SAMPLE_LEN, true, &why))
		fail_msg("%s", why.text);
}

static void cut_off_anywhere(void **state)
{
	struct failure why;

	for (size_t len = 0; len < SAMPLE_LEN; len++) {
		assert_true(check(len, true, &why) < 0);
		assert_true(check(len, false, &why) < 0);
		assert_non_null(strstr(why.text, "some.pith"));
	}
}

static void changed_anywhere(void **state)
{
	struct failure why;

	for (size_t at = 0; at < SAMPLE_LEN; at++) {
		sample.bytes[at] ^= (uint8_t)(1u << at % 8);
		if (check(SAMPLE_LEN, true, &why) >= 0)
			fail_msg("a change at %zu was not seen", at);
		assert_non_null(strstr(why.text, "some.pith"));
		sample.bytes[at] ^= (uint8_t)(1u << at % 8);
	}
	sound(state);
}

static void bytes_behind_the_end(void **state)
{
	sample.header->file_len -= 8;
	refused("too many");
}

static void not_an_elf(void **state)
{
	sample.bytes[1] = 'X';
	refused("not an ELF");
}

static void another_machine(void **state)
{
	sample.bytes[18] = 183; // EM_AARCH64
	refused("another kind of machine");
}

static void thirty_two_bits(void **state)
{
	sample.bytes[4] = 1;
	refused("another kind of machine");
}

static void elf_without_note(void **state)
{
	sample.bytes[sizeof(uint8_t) * 128 + 8] ^= 1; // the note's type
	refused("no image of Pith");
}

static void too_many_program_headers(void **state)
{
	sample.bytes[57] = 0xff;
	refused("program headers");
}

static void newer_version(void **state)
{
	sample.header->version++;
	refused("version 5");
}

static void unknown_flags(void **state)
{
	sample.header->flags |= 0x80000000;
	refused("newer pith");
}

static void no_platform(void **state)
{
	sample.header->flags = 0;
	refused("no platform");
}

static void kvm_without_nucleus(void **state)
{
	sample.header->flags |= IMAGE_F_KVM;
	refused("nucleus");
}

static void parts_outside_the_file(void **state)
{
	for (unsigned kind = 0; kind < IMAGE_MAX_PARTS; kind++) {
		struct image_part was = sample.header->part[kind], *p = &sample.header->part[kind];

		p->len = SAMPLE_LEN;
		p->off = 4096;
		refused("outside the file");
		p->off = UINT64_MAX - 4095;
		p->len = 4096;
		refused("outside the file");
		p->off = 4096;
		p->len = UINT64_MAX - 4095;
		refused("outside the file");
		*p = was;
	}
}

static void text_off_a_page(void **state)
{
	sample.header->part[IMAGE_PART_TEXT].off += 16;
	refused("begin on a page");
}

static void root_off_a_page(void **state)
{
	sample.header->part[IMAGE_PART_ROOT].off += 8;
	sample.header->part[IMAGE_PART_ROOT].len -= 8;
	refused("begin on a page");
}

static void data_shorter_in_memory(void **state)
{
	sample.header->part[IMAGE_PART_DATA].mem_len = 255;
	refused("impossible place");
}

static void data_with_endless_bss(void **state)
{
	sample.header->part[IMAGE_PART_DATA].mem_len = UINT64_MAX - 0x2000;
	refused("impossible place");
}

static void text_far_away(void **state)
{
	sample.header->part[IMAGE_PART_TEXT].va = 1ull << 40;
	refused("impossible place");
}

static void text_longer_in_memory(void **state)
{
	sample.header->part[IMAGE_PART_RODATA].mem_len = 0x2000;
	refused("longer in memory");
}

static void overlap_in_file(void **state)
{
	sample.header->part[IMAGE_PART_RELOCS].off = sample.header->part[IMAGE_PART_MANIFEST].off +
						     4;
	refused("overlaps another in the file");
}

static void overlap_in_memory(void **state)
{
	sample.header->part[IMAGE_PART_DATA].va = 0x1000;
	refused("overlaps another in memory");
}

static void entries_outside_the_code(void **state)
{
	uint64_t *entry[] = { &sample.header->entry, &sample.header->syscall_entry,
			      &sample.header->trap_entry };

	for (unsigned i = 0; i < 3; i++) {
		uint64_t was = *entry[i];

		*entry[i] = 0x1800;
		refused("entry point");
		*entry[i] = UINT64_MAX;
		refused("entry point");
		*entry[i] = was;
	}
}

static void relocation_outside_the_data(void **state)
{
	struct image_reloc *r = (void *)(sample.bytes + sample.header->part[IMAGE_PART_RELOCS].off);
	const uint32_t bad[] = { 0, 0x2fff, 0x3000 + 249, 0x3000 + 256, UINT32_MAX };

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		r->va = bad[i];
		refused("outside the data");
	}
	r->va = 0x3000 + 248;
	sample_seal(&sample);
	sound(state);
}

static void odd_relocations(void **state)
{
	sample.header->part[IMAGE_PART_RELOCS].len = 3;
	refused("odd length");
}

static void root_of_another_kind(void **state)
{
	sample.bytes[0x4000 + 1024] ^= 1;
	refused("not an EROFS");
}

static void root_too_short(void **state)
{
	sample.header->part[IMAGE_PART_ROOT].len = 1024;
	refused("too short");
}

static void manifest_of_wrong_length(void **state)
{
	const uint32_t bad[] = { 0, 71, sample.manifest->len + 1, UINT32_MAX };

	for (unsigned i = 0; i < 4; i++) {
		sample.manifest->len = bad[i];
		refused("wrong length");
	}
}

static void manifest_strings(void **state)
{
	uint32_t *strings[] = { &sample.manifest->program, &sample.manifest->cwd,
				&sample.manifest->name, &sample.manifest->net_name };

	for (unsigned i = 0; i < 4; i++) {
		uint32_t was = *strings[i];

		*strings[i] = sample.manifest->len;
		refused("string without end");
		*strings[i] = 4;
		refused("string without end");
		*strings[i] = was;
	}
}

static void manifest_lists(void **state)
{
	struct manifest_list *lists[] = { &sample.manifest->args, &sample.manifest->env,
					  &sample.manifest->calls };

	for (unsigned i = 0; i < 3; i++) {
		struct manifest_list was = *lists[i];

		lists[i]->count = 100;
		refused("list without end");
		lists[i]->count = UINT32_MAX;
		refused("list without end");
		lists[i]->count = 1;
		lists[i]->off = UINT32_MAX;
		refused("list without end");
		*lists[i] = was;
	}
}

static void manifest_ports(void **state)
{
	struct manifest_port *port = (void *)((uint8_t *)sample.manifest + sample.manifest->ports);

	port->guest = 0;
	refused("impossible ports");
	port->guest = 80;
	port->udp = 2;
	refused("impossible ports");
	port->udp = 0;
	sample.manifest->port_count = UINT32_MAX / 4;
	refused("impossible ports");
	sample.manifest->port_count = 1;
	sample.manifest->ports = sample.manifest->len - 2;
	refused("impossible ports");
}

static void manifest_without_arguments(void **state)
{
	sample.manifest->args.count = 0;
	refused("impossible values");
}

static void manifest_that_keeps_other_arguments(void **state)
{
	sample.manifest->args_kept = 0; // argv[0] is always kept
	refused("impossible values");
	sample.manifest->args_kept = 3;
	refused("impossible values");
}

static void manifest_with_unknown_network(void **state)
{
	sample.manifest->net = 4;
	refused("impossible values");
}

static void write_sample(const char *path, size_t hole)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(sample.bytes, 1, SAMPLE_LEN, f), SAMPLE_LEN);
	assert_int_equal(fclose(f), 0);
	if (hole)
		assert_int_equal(truncate(path, (off_t)hole), 0);
}

static void open_says_why(void **state)
{
	char dir[] = "/tmp/test-image-XXXXXX", path[64];
	struct failure why;
	struct image img;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/x.pith", dir);
	assert_int_equal(image_open(&img, path, NULL, &why), -ENOENT);
	assert_non_null(strstr(why.text, "no such image"));
	assert_true(image_open(&img, dir, NULL, &why) < 0);
	assert_non_null(strstr(why.text, "a directory"));
	write_sample(path, 0);
	assert_int_equal(image_open(&img, path, NULL, &why), 0);
	assert_string_equal(image_string(&img, img.manifest->program), "/prog");
	image_close(&img);
	assert_int_equal(truncate(path, 0), 0);
	assert_true(image_open(&img, path, NULL, &why) < 0);
	assert_non_null(strstr(why.text, "empty"));
	unlink(path);
	rmdir(dir);
}

// A large image is summed once, and again after any change that shows in its times.
static void sums_of_large_images(void **state)
{
	char dir[] = "/tmp/test-image-XXXXXX", path[64], command[128];
	struct failure why;
	struct image img;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/x.pith", dir);
	sample.header->file_len = IMAGE_SUM_ALWAYS + 4096;
	write_sample(path, IMAGE_SUM_ALWAYS + 4096);
	assert_int_equal(image_open(&img, path, dir, &why), -EBADMSG);
	assert_non_null(strstr(why.text, "checksum"));
	assert_int_equal(image_open(&img, path, dir, &why), -EBADMSG);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

#define T(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(sound),
		T(cut_off_anywhere),
		T(changed_anywhere),
		T(bytes_behind_the_end),
		T(not_an_elf),
		T(another_machine),
		T(thirty_two_bits),
		T(elf_without_note),
		T(too_many_program_headers),
		T(newer_version),
		T(unknown_flags),
		T(no_platform),
		T(kvm_without_nucleus),
		T(parts_outside_the_file),
		T(text_off_a_page),
		T(root_off_a_page),
		T(data_shorter_in_memory),
		T(data_with_endless_bss),
		T(text_far_away),
		T(text_longer_in_memory),
		T(overlap_in_file),
		T(overlap_in_memory),
		T(entries_outside_the_code),
		T(relocation_outside_the_data),
		T(odd_relocations),
		T(root_of_another_kind),
		T(root_too_short),
		T(manifest_of_wrong_length),
		T(manifest_strings),
		T(manifest_lists),
		T(manifest_ports),
		T(manifest_without_arguments), T(manifest_that_keeps_other_arguments),
		T(manifest_with_unknown_network),
		T(open_says_why),
		T(sums_of_large_images),
	};

	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
