// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The dynamic section: a good one, and every part of it made to lie.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <image/dynamic.h>

#include "image/elf.h"

static struct elf elf;
static struct program prog;
static struct dynamic dyn;
static struct failure why;
static uint8_t *bytes;

static int teardown(void **state)
{
	dynamic_free(&dyn);
	free(bytes);
	bytes = NULL;
	return 0;
}

static void start(void)
{
	elf_start(&elf, NULL);
	elf_name(&elf, DT_NEEDED, "liba.so");
	elf_name(&elf, DT_SONAME, "libx.so.1");
}

// As a file of just this length, so that ASan sees a byte too far.
static int read_len(size_t len)
{
	free(bytes);
	bytes = malloc(len);
	memcpy(bytes, &elf, len);
	memset(&prog, 0, sizeof(prog));
	strcpy(prog.path, "prog");
	why.text[0] = 0;
	dynamic_free(&dyn);
	assert_int_equal(program_check(&prog, bytes, len, &why), 0);
	return dynamic_read(&dyn, &prog, &why);
}

static void taken(void)
{
	if (read_len(ELF_LEN))
		fail_msg("%s", why.text);
}

static void refused(void)
{
	assert_int_equal(read_len(ELF_LEN), -ENOEXEC);
	assert_non_null(strstr(why.text, "prog lies"));
	assert_null(dyn.needed);
}

static void reads_names(void **state)
{
	start();
	elf_name(&elf, DT_NEEDED, "libb.so");
	elf_name(&elf, DT_RPATH, "/r");
	elf_end(&elf);
	taken();
	assert_int_equal(dyn.needed_count, 2);
	assert_string_equal(dyn.needed[0], "liba.so");
	assert_string_equal(dyn.needed[1], "libb.so");
	assert_string_equal(dyn.soname, "libx.so.1");
	assert_string_equal(dyn.rpath, "/r");
	assert_null(dyn.runpath);
	assert_false(dyn.no_default);
}

static void runpath_hides_rpath(void **state)
{
	start();
	elf_name(&elf, DT_RUNPATH, "/run");
	elf_name(&elf, DT_RPATH, "/r");
	elf_tag(&elf, DT_FLAGS_1, DF_1_NODEFLIB);
	elf_end(&elf);
	taken();
	assert_null(dyn.rpath);
	assert_string_equal(dyn.runpath, "/run");
	assert_true(dyn.no_default);
}

static void names_may_come_first(void **state)
{
	elf_start(&elf, NULL);
	elf_end(&elf);
	elf_name(&elf, DT_NEEDED, "liba.so");
	taken();
	assert_int_equal(dyn.needed_count, 1);
}

static void ends_at_null(void **state)
{
	start();
	elf_end(&elf);
	elf_tag(&elf, DT_NULL, 0);
	elf_tag(&elf, DT_NEEDED, UINT64_MAX);
	taken();
	assert_int_equal(dyn.needed_count, 1);
}

static void has_no_section(void **state)
{
	start();
	elf_end(&elf);
	elf.ph[1].p_type = PT_NOTE;
	taken();
	assert_int_equal(dyn.needed_count, 0);
	assert_null(dyn.soname);
}

static void section_that_is_not_aligned(void **state)
{
	start();
	elf_end(&elf);
	elf.ph[1].p_offset += 4;
	elf.ph[1].p_filesz -= 8;
	taken();
	assert_int_equal(dyn.needed_count, 0);
}

static void section_without_end(void **state)
{
	start();
	while (elf.dyn_count < ELF_DYN - 2)
		elf_tag(&elf, DT_DEBUG, 0);
	elf_end(&elf);
	taken();
	assert_int_equal(dyn.needed_count, 1);
}

static void names_that_are_nowhere(void **state)
{
	static const uint64_t tables[] = { 0, ELF_VA - 1, ELF_VA + ELF_LEN, UINT64_MAX, UINT64_MAX - ELF_LEN + 1, 1ull << 63 };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		start();
		elf_tag(&elf, DT_STRTAB, tables[i]);
		elf_tag(&elf, DT_STRSZ, ELF_NAMES);
		refused();
	}
	start(); // none at all
	refused();
	start();
	elf_tag(&elf, DT_STRTAB, ELF_VA + offsetof(struct elf, names));
	refused(); // of no length
}

static void names_behind_the_table(void **state)
{
	static const uint64_t at[] = { ELF_NAMES, ELF_NAMES + 1, UINT64_MAX, UINT64_MAX - ELF_NAMES, 1ull << 32 };

	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		start();
		elf_tag(&elf, DT_NEEDED, at[i]);
		elf_end(&elf);
		refused();
	}
}

static void table_that_says_to_be_longer(void **state)
{
	start();
	elf_end(&elf);
	elf.dyn[elf.dyn_count - 1].d_un.d_val = UINT64_MAX;
	taken(); // what the file has of it
	assert_string_equal(dyn.needed[0], "liba.so");
	elf.dyn[0].d_un.d_val = ELF_NAMES;
	refused();
}

static void name_without_end(void **state)
{
	start();
	elf_end(&elf);
	memset(elf.names + 1, 'x', ELF_NAMES - 1);
	refused();
}

static void table_in_memory_only(void **state)
{
	start();
	elf_end(&elf);
	elf.ph[0].p_filesz = offsetof(struct elf, names);
	refused();
}

#define T(f) cmocka_unit_test_teardown(f, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(reads_names),
		T(runpath_hides_rpath),
		T(names_may_come_first),
		T(ends_at_null),
		T(has_no_section),
		T(section_that_is_not_aligned),
		T(section_without_end),
		T(names_that_are_nowhere),
		T(names_behind_the_table),
		T(table_that_says_to_be_longer),
		T(name_without_end),
		T(table_in_memory_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
