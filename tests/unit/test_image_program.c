// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The door for programs: one good ELF file, and every header field made to lie.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <image/program.h>

#define BASE 0x400000ul

struct file {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[3];
	uint8_t code[16];
	char interp[16];
	Elf64_Shdr sh[3];
	Elf64_Sym sym[2];
	char names[16];
};

static struct file file;
static struct failure why;
static struct program prog;

static struct file *good(void)
{
	struct file *f = &file;

	memset(f, 0, sizeof(*f));
	memcpy(f->eh.e_ident, ELFMAG, SELFMAG);
	f->eh.e_ident[EI_CLASS] = ELFCLASS64;
	f->eh.e_ident[EI_DATA] = ELFDATA2LSB;
	f->eh.e_type = ET_EXEC;
	f->eh.e_machine = EM_X86_64;
	f->eh.e_entry = BASE + offsetof(struct file, code);
	f->eh.e_phoff = offsetof(struct file, ph);
	f->eh.e_phentsize = sizeof(Elf64_Phdr);
	f->eh.e_phnum = 2;
	f->eh.e_shoff = offsetof(struct file, sh);
	f->eh.e_shentsize = sizeof(Elf64_Shdr);
	f->eh.e_shnum = 3;
	f->ph[0] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = BASE, .p_filesz = sizeof(*f),
				 .p_memsz = sizeof(*f) };
	f->ph[2] = (Elf64_Phdr){ .p_type = PT_INTERP, .p_offset = offsetof(struct file, interp), .p_filesz = sizeof(f->interp) };
	strcpy(f->interp, "/lib/ld.so");
	f->sh[1] = (Elf64_Shdr){ .sh_type = SHT_SYMTAB, .sh_link = 2, .sh_offset = offsetof(struct file, sym),
				 .sh_size = sizeof(f->sym) };
	f->sh[2] = (Elf64_Shdr){ .sh_type = SHT_STRTAB, .sh_offset = offsetof(struct file, names), .sh_size = sizeof(f->names) };
	f->sym[1].st_name = 1;
	strcpy(f->names + 1, "main");
	return f;
}

static int check_len(size_t len)
{
	uint8_t *copy = malloc(len + 1); // exactly as long, so that ASan sees a byte too far
	int err;

	copy = realloc(copy, len ? len : 1);
	memcpy(copy, &file, len);
	memset(&prog, 0, sizeof(prog));
	strcpy(prog.path, "prog");
	why.text[0] = 0;
	err = program_check(&prog, copy, len, &why);
	if (err)
		assert_non_null(strstr(why.text, "prog"));
	else
		for (size_t i = 0; i < prog.symbol_count; i++)
			assert_true(strlen(program_symbol_name(&prog, &prog.symbols[i])) < 16);
	free(copy);
	return err;
}

static void refused(const char *text)
{
	assert_int_equal(check_len(sizeof(file)), -8); // ENOEXEC
	if (!strstr(why.text, text))
		fail_msg("\"%s\" is not in \"%s\"", text, why.text);
}

static void accepted(void)
{
	assert_int_equal(check_len(sizeof(file)), 0);
}

static void takes_a_program(void **state)
{
	good();
	accepted();
	assert_false(prog.pie);
	assert_null(prog.interpreter);
	assert_int_equal(prog.symbol_count, 2);
	good()->eh.e_type = ET_DYN;
	accepted();
	assert_true(prog.pie);
	good()->eh.e_phnum = 3;
	accepted();
	assert_non_null(prog.interpreter);
}

static void refuses_other_files(void **state)
{
	memcpy(good(), "#!/bin/sh\n", 10);
	refused("script");
	memcpy(good(), "hello", 5);
	refused("not an ELF file");
	good()->eh.e_machine = EM_AARCH64;
	refused("64-bit Arm");
	good()->eh.e_machine = EM_386;
	refused("32-bit x86");
	good()->eh.e_machine = 9999;
	refused("another machine");
	good()->eh.e_ident[EI_CLASS] = ELFCLASS32;
	refused("x86-64 programs only");
	good()->eh.e_ident[EI_DATA] = ELFDATA2MSB;
	refused("x86-64 programs only");
	good()->eh.e_type = ET_REL;
	refused("object file");
	good()->eh.e_type = ET_CORE;
	refused("not an executable");
}

static void refuses_lies_about_headers(void **state)
{
	good()->eh.e_phnum = 0;
	refused("program headers");
	good()->eh.e_phnum = 65;
	refused("program headers");
	good()->eh.e_phentsize = 55;
	refused("program headers");
	good()->eh.e_phoff = sizeof(file) - 8;
	refused("program headers");
	good()->eh.e_phoff = UINT64_MAX - 7;
	refused("program headers");
	good()->eh.e_phoff++;
	refused("program headers");
	good()->eh.e_entry = BASE - 1;
	refused("entry point");
	good()->eh.e_entry = BASE + sizeof(file);
	refused("entry point");
	good()->ph[0].p_flags = PF_R;
	refused("entry point");
	good()->ph[0].p_type = PT_NULL;
	refused("nothing in it is to be loaded");
}

static void refuses_lies_about_segments(void **state)
{
	good()->ph[0].p_filesz = sizeof(file) + 1;
	refused("segment 0");
	good()->ph[0].p_filesz = UINT64_MAX;
	refused("segment 0");
	good()->ph[0].p_offset = UINT64_MAX - 4095;
	refused("segment 0");
	good()->ph[0].p_memsz = sizeof(file) - 1;
	refused("impossible size");
	good()->ph[0].p_memsz = UINT64_MAX;
	refused("impossible size");
	good()->ph[0].p_memsz = 1ul << 47;
	refused("impossible size");
	good()->ph[0].p_vaddr = 1ul << 63;
	refused("impossible size");
	good()->ph[0].p_vaddr = BASE + 8;
	refused("aligned");
}

static void refuses_interpreters_without_end(void **state)
{
	struct file *f = good();

	f->eh.e_phnum = 3;
	memset(f->interp, 'x', sizeof(f->interp));
	refused("interpreter");
	f = good();
	f->eh.e_phnum = 3;
	f->ph[2].p_filesz = 0;
	refused("interpreter");
	f = good();
	f->eh.e_phnum = 3;
	f->ph[2].p_offset = sizeof(file);
	refused("segment 2");
}

static int go_note(uint32_t name, uint32_t desc, uint32_t type, const char *who)
{
	struct file *f = good();
	uint32_t note[4] = { name, desc, type, 0 };

	memcpy(&note[3], who, 4);
	f->eh.e_phnum = 3;
	f->ph[2] = (Elf64_Phdr){ .p_type = PT_NOTE, .p_offset = offsetof(struct file, code), .p_filesz = sizeof(f->code) };
	memcpy(f->code, note, sizeof(note));
	if (check_len(sizeof(file)))
		return -1;
	prog.map = (void *)f; // check_len() has freed its copy
	prog.eh = &f->eh;
	prog.ph = f->ph;
	return program_is_go(&prog);
}

static void knows_go(void **state)
{
	assert_int_equal(go_note(4, 0, 4, "Go\0"), 1);
	assert_int_equal(go_note(4, 0, 3, "Go\0"), 0); // GNU's build id has this type
	assert_int_equal(go_note(4, 0, 4, "GNU"), 0);
	assert_int_equal(go_note(4, 4, 4, "Go\0"), 0); // longer than the segment
	assert_int_equal(go_note(UINT32_MAX, 0, 4, "Go\0"), 0);
	assert_int_equal(go_note(4, UINT32_MAX, 4, "Go\0"), 0);
	assert_int_equal(go_note(0, 0, 1, "Go\0"), 0); // one without a name, then not enough for another
}

// Sections help only: a program with broken ones is one without symbols.
static void does_without_broken_sections(void **state)
{
	good()->eh.e_shoff = UINT64_MAX - 63;
	accepted();
	assert_null(prog.symbols);
	good()->eh.e_shoff += 1;
	accepted();
	assert_null(prog.sh);
	good()->eh.e_shnum = 65535;
	accepted();
	assert_null(prog.sh);
	good()->eh.e_shentsize = 1;
	accepted();
	assert_null(prog.sh);
	good()->sh[1].sh_link = 3;
	accepted();
	assert_null(prog.symbols);
	good()->sh[1].sh_size = UINT64_MAX;
	accepted();
	assert_null(prog.symbols);
	good()->sh[1].sh_offset = UINT64_MAX & ~7ul;
	accepted();
	assert_null(prog.symbols);
	good()->sh[2].sh_size = 0;
	accepted();
	assert_null(prog.symbols);
	memset(good()->names, 'x', sizeof(file.names));
	accepted();
	assert_null(prog.symbols);
	good()->sym[1].st_name = 0xffffffff;
	accepted();
	assert_string_equal(prog.symbols ? "" : "no symbols", "");
}

static void refuses_every_cut(void **state)
{
	good();
	for (size_t len = 0; len < sizeof(file); len++)
		assert_true(check_len(len) < 0); // the one segment is the whole file
}

// No byte can make it read outside (ASan) or claim success with a pointer outside.
static void survives_every_byte(void **state)
{
	for (size_t at = 0; at < sizeof(file); at++) {
		for (unsigned v = 0; v < 256; v += 5) {
			((uint8_t *)good())[at] = (uint8_t)v;
			check_len(sizeof(file));
		}
	}
}

static void open_says_what_is_wrong(void **state)
{
	char path[] = "/tmp/unit-program.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_true(program_open(&prog, path, &why) < 0);
	assert_non_null(strstr(why.text, "empty"));
	good();
	assert_int_equal(write(fd, &file, sizeof(file)), sizeof(file));
	close(fd);
	assert_int_equal(program_open(&prog, path, &why), 0);
	program_close(&prog);
	unlink(path);
	assert_int_equal(program_open(&prog, path, &why), -2); // ENOENT
	assert_non_null(strstr(why.text, path));
	assert_true(program_open(&prog, "/tmp", &why) < 0);
	assert_non_null(strstr(why.text, "directory"));
	assert_true(program_open(&prog, "/dev/null", &why) < 0);
	assert_non_null(strstr(why.text, "not a file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_program),
		cmocka_unit_test(refuses_other_files),
		cmocka_unit_test(refuses_lies_about_headers),
		cmocka_unit_test(refuses_lies_about_segments),
		cmocka_unit_test(refuses_interpreters_without_end),
		cmocka_unit_test(knows_go),
		cmocka_unit_test(does_without_broken_sections),
		cmocka_unit_test(refuses_every_cut),
		cmocka_unit_test(survives_every_byte),
		cmocka_unit_test(open_says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
