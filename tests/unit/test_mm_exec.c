// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm/exec.c and exec_stack.c: good and broken programs, from a file system of two files in memory.
#include <elf.h>
#include <linux/auxvec.h>
#include <stdlib.h>

#include "mm/env.h"

#define PAGE PAGE_SIZE
#define FILE_SIZE (8 * PAGE)

// The image's first pages are the program's file, the next its interpreter's.
struct image_file {
	struct vnode v;
	size_t at, size;
};
static struct image_file program, interp, folder;
static char path[16];
static struct invocation invocation = { .exe = path };

static char *bytes_of(const struct image_file *f) { return (char *)env_boot.image_va + f->at; }

static ssize_t image_read(struct vnode *v, struct iov_iter *it, uint64_t off)
{
	const struct image_file *f = container_of(v, struct image_file, v);

	if (off >= f->size)
		return 0;
	return iov_copy_out(it, bytes_of(f) + off, MIN(it->left, f->size - off));
}

static int image_page(struct vnode *v, uint64_t off, bool write, paddr_t *pa)
{
	const struct image_file *f = container_of(v, struct image_file, v);

	if (off >= f->size)
		return -ENXIO;
	*pa = env_boot.image_pa + f->at + off;
	return 0;
}

static const struct vnode_ops image_ops = { .read = image_read, .get_page = image_page }, folder_ops = { 0 };

int path_vnode(struct vnode *at, const char *path, unsigned flags, struct vnode **out)
{
	struct image_file *f = strcmp(path, "/prog") == 0 ? &program : strcmp(path, "/ld.so") == 0 ? &interp :
			       strcmp(path, "/dir") == 0 ? &folder : NULL;

	if (!f)
		return -ENOENT;
	*out = vnode_get(&f->v);
	return 0;
}

static Elf64_Phdr *phdr(struct image_file *f, unsigned i)
{
	return (Elf64_Phdr *)(bytes_of(f) + sizeof(Elf64_Ehdr)) + i;
}

static Elf64_Ehdr *header(struct image_file *f) { return (Elf64_Ehdr *)bytes_of(f); }

// Text in pages 0 and 1, data in page 2 with bss behind.
static void make_elf(struct image_file *f, size_t at, unsigned type, uintptr_t base)
{
	*f = (struct image_file){ .v = { .ops = &image_ops, .refs = 1, .mode = 0100755 }, .at = at, .size = FILE_SIZE };
	memset(bytes_of(f), 0x90, FILE_SIZE);
	*header(f) = (Elf64_Ehdr){ .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT }, .e_type = type,
		.e_machine = EM_X86_64, .e_version = 1, .e_entry = base + 0x400, .e_phoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 3 };
	*phdr(f, 0) = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = base, .p_filesz = PAGE + 0x500,
		.p_memsz = PAGE + 0x500, .p_align = PAGE };
	*phdr(f, 1) = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_offset = 2 * PAGE + 0x100,
		.p_vaddr = base + 3 * PAGE + 0x100, .p_filesz = 0x200, .p_memsz = 3 * PAGE, .p_align = PAGE };
	*phdr(f, 2) = (Elf64_Phdr){ .p_type = PT_NOTE };
}

static int begin(void **state)
{
	env_begin(8 * MIB, 0);
	env_log[0] = '\0';
	env_process.limits[3] = (struct rlimit_pair){ 8 * MIB, UINT64_MAX };
	make_elf(&program, 0, ET_DYN, 0);
	make_elf(&interp, FILE_SIZE, ET_DYN, 0);
	folder = (struct image_file){ .v = { .ops = &folder_ops, .refs = 1, .mode = 0040755 } };
	strcpy(path, "/prog");
	invocation.args = (struct exec_strings){ "prog\0one", 2, 9 };
	invocation.env = (struct exec_strings){ "A=b", 1, 4 };
	env_process.invocation = &invocation;
	return 0;
}

static int end(void **state)
{
	env_check();
	env_end();
	assert_int_equal(program.v.refs, 1);
	assert_int_equal(interp.v.refs, 1);
	assert_int_equal(folder.v.refs, 1);
	return 0;
}

static uint64_t word_at(uintptr_t va)
{
	uint32_t low, high;

	assert_int_equal(env_read(va, &low), 0);
	assert_int_equal(env_read(va + 4, &high), 0);
	return low | (uint64_t)high << 32;
}

static void text_at(uintptr_t va, char *buf, size_t n)
{
	for (size_t i = 0; i < n; i += 4)
		assert_int_equal(env_read(va + i, (uint32_t *)(buf + i)), 0);
}

static uint64_t aux(uintptr_t rsp, uint64_t type)
{
	uintptr_t at = rsp + 8 * (1 + 2 + 1 + 1 + 1); // argc, argv and NULL, envp and NULL

	for (; word_at(at) != AT_NULL; at += 16)
		if (word_at(at) == type)
			return word_at(at + 8);
	fail_msg("no auxiliary vector entry %lu", type);
	return 0;
}

static void test_static_pie(void **state)
{
	struct exec_start s;
	uintptr_t base;
	char text[8];

	assert_int_equal(exec_load(env_mm, &s), 0);
	base = s.rip - 0x400;
	assert_int_equal(base % PAGE, 0);
	assert_true(base >= 0x555555554000ul);
	assert_int_equal(env_exec(s.rip), 0);
	assert_int_equal(word_at(base + 3 * PAGE + 0x100), 0x9090909090909090ul);
	assert_int_equal(word_at(base + 3 * PAGE + 0x300), 0); // behind the file's part: zeros
	assert_int_equal(word_at(base + 5 * PAGE), 0);
	assert_int_equal(env_write(base + 5 * PAGE, 1), 0);
	assert_int_equal(env_write(base, 1), -EFAULT);
	assert_true(env_mm->brk >= base + 7 * PAGE);
	assert_int_equal(s.rsp % 16, 0);
	assert_int_equal(word_at(s.rsp), 2);
	text_at(word_at(s.rsp + 16), text, 4);
	assert_string_equal(text, "one");
	assert_int_equal(word_at(s.rsp + 24), 0);
	text_at(word_at(s.rsp + 32), text, 4);
	assert_string_equal(text, "A=b");
	assert_int_equal(aux(s.rsp, AT_PHDR), base + sizeof(Elf64_Ehdr));
	assert_int_equal(aux(s.rsp, AT_PHNUM), 3);
	assert_int_equal(aux(s.rsp, AT_ENTRY), s.rip);
	assert_int_equal(aux(s.rsp, AT_PAGESZ), PAGE);
	assert_int_equal(aux(s.rsp, AT_BASE), 0);
	assert_int_equal(word_at(aux(s.rsp, AT_RANDOM)), 0x5a5a5a5a5a5a5a5aul);
}

static void test_fixed_address(void **state)
{
	struct exec_start s;

	make_elf(&program, 0, ET_EXEC, 0x400000);
	assert_int_equal(exec_load(env_mm, &s), 0);
	assert_int_equal(s.rip, 0x400400);
	assert_int_equal(env_exec(s.rip), 0);
}

static void set_interp(const char *path)
{
	strcpy(bytes_of(&program) + 0x800, path);
	*phdr(&program, 2) = (Elf64_Phdr){ .p_type = PT_INTERP, .p_offset = 0x800, .p_filesz = strlen(path) + 1 };
}

static void test_interpreter(void **state)
{
	struct exec_start s;

	set_interp("/ld.so");
	assert_int_equal(exec_load(env_mm, &s), 0);
	assert_int_equal(aux(s.rsp, AT_BASE), s.rip - 0x400);
	assert_true(aux(s.rsp, AT_ENTRY) != s.rip);
	assert_int_equal(env_exec(s.rip), 0);
	assert_int_equal(env_exec(aux(s.rsp, AT_ENTRY)), 0);
}

// A segment that is only bss and begins inside a page.
static void test_bss_alone(void **state)
{
	struct exec_start s;

	*phdr(&program, 2) = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_vaddr = 8 * PAGE + 0x10,
		.p_offset = 0x10, .p_memsz = 0x20 };
	assert_int_equal(exec_load(env_mm, &s), 0);
	assert_int_equal(env_write(s.rip - 0x400 + 8 * PAGE + 0x10, 1), 0);
}

static void test_small_memory_start(void **state)
{
	struct exec_start s;
	uint64_t before = frame_available();

	assert_int_equal(exec_load(env_mm, &s), 0);
	assert_true(before - frame_available() <= 24); // 96 KiB
}

static void refused(int err, const char *why)
{
	struct exec_start s;

	assert_int_equal(exec_load(env_mm, &s), err);
	if (!strstr(env_log, why))
		fail_msg("\"%s\" does not say \"%s\"", env_log, why);
	end(NULL);
	begin(NULL);
}

static void test_broken_headers(void **state)
{
	struct image_file *p = &program;

	header(p)->e_ident[0] = 0, refused(-ENOEXEC, "not an ELF");
	p->size = 40, refused(-ENOEXEC, "not an ELF");
	p->size = 0, refused(-ENOEXEC, "not an ELF");
	header(p)->e_ident[EI_CLASS] = ELFCLASS32, refused(-ENOEXEC, "x86-64");
	header(p)->e_machine = EM_AARCH64, refused(-ENOEXEC, "x86-64");
	header(p)->e_type = ET_REL, refused(-ENOEXEC, "not an executable");
	header(p)->e_phentsize = 55, refused(-ENOEXEC, "program header table");
	header(p)->e_phnum = 0, refused(-ENOEXEC, "program header table");
	header(p)->e_phnum = 65, refused(-ENOEXEC, "program header table");
	header(p)->e_phoff = FILE_SIZE - 10, refused(-ENOEXEC, "beyond the end");
	header(p)->e_phoff = UINT64_MAX - 10, refused(-ENOEXEC, "beyond the end");
}

static void test_broken_segments(void **state)
{
	struct image_file *p = &program;

	phdr(p, 1)->p_filesz = 4 * PAGE, refused(-ENOEXEC, "impossible size");
	phdr(p, 1)->p_memsz = UINT64_MAX, refused(-ENOEXEC, "impossible size");
	phdr(p, 1)->p_vaddr = USER_HIGH, refused(-ENOEXEC, "impossible size");
	phdr(p, 1)->p_offset = UINT64_MAX - 0xff, refused(-ENOEXEC, "");
	phdr(p, 1)->p_vaddr += 1, refused(-ENOEXEC, "aligned");
	phdr(p, 1)->p_vaddr = 0x100, refused(-ENOEXEC, "overlap");
	phdr(p, 0)->p_type = phdr(p, 1)->p_type = PT_NULL, refused(-ENOEXEC, "nothing in it");
	phdr(p, 1)->p_offset += 64 * PAGE, refused(-ENXIO, "while mapping");
	make_elf(p, 0, ET_EXEC, 0), refused(-ENOEXEC, "not for programs");
	make_elf(p, 0, ET_EXEC, WINDOW_LOW), refused(-ENOEXEC, "not for programs");
	make_elf(p, 0, ET_EXEC, WINDOW_LOW - PAGE), refused(-ENOEXEC, "not for programs");
}

static void test_broken_interpreter(void **state)
{
	set_interp("/none"), refused(-ENOENT, "its interpreter /none is not in the image");
	set_interp("/dir"), refused(-ENOEXEC, "not a regular file");
	set_interp("/ld.so"), phdr(&program, 2)->p_filesz = 6, refused(-ENOEXEC, "name of its interpreter");
	set_interp("/ld.so"), phdr(&program, 2)->p_filesz = 0, refused(-ENOEXEC, "name of its interpreter");
	set_interp("/ld.so"), phdr(&program, 2)->p_filesz = 300, refused(-ENOEXEC, "name of its interpreter");
	set_interp("/ld.so"), phdr(&program, 2)->p_offset = FILE_SIZE - 2, refused(-ENOEXEC, "name of its interpreter");
	set_interp("/ld.so"), header(&interp)->e_machine = EM_386, refused(-ENOEXEC, "/ld.so: not an x86-64");
}

static void test_missing(void **state)
{
	strcpy(path, "/pro"), refused(-ENOENT, "it is not in the image");
	strcpy(path, "/dir"), refused(-ENOEXEC, "not a regular file");
	env_process.limits[3].cur = 64 * KIB;
	invocation.env.count = 0, invocation.env.len = 0;
	env_process.limits[3].cur = 1000;
	refused(-E2BIG, "");
}

// Every allocation in turn fails: an error, or nothing of it is noticed; never a loss.
static void test_memory_fails(void **state)
{
	struct exec_start s;
	int failed = 0;

	set_interp("/ld.so");
	for (long n = 1; n < 60; n++) {
		env_fail_from(n, true);
		failed += exec_load(env_mm, &s) != 0;
		env_fail_from(0, false);
		env_check();
		end(state);
		begin(state);
		set_interp("/ld.so");
	}
	assert_in_range(failed, 5, 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_static_pie, begin, end),
		cmocka_unit_test_setup_teardown(test_fixed_address, begin, end),
		cmocka_unit_test_setup_teardown(test_interpreter, begin, end),
		cmocka_unit_test_setup_teardown(test_bss_alone, begin, end),
		cmocka_unit_test_setup_teardown(test_small_memory_start, begin, end),
		cmocka_unit_test_setup_teardown(test_broken_headers, begin, end),
		cmocka_unit_test_setup_teardown(test_broken_segments, begin, end),
		cmocka_unit_test_setup_teardown(test_broken_interpreter, begin, end),
		cmocka_unit_test_setup_teardown(test_missing, begin, end),
		cmocka_unit_test_setup_teardown(test_memory_fails, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
