// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/linux/patch_code.c: which call sites are taken, and that jump and stub do what they should: they are run.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>

#include <linux/patch.h>

#define NR 110 /* getppid */

static void match(void **state)
{
	uint8_t code[7] = { 0xb8, NR, 0, 0, 0, 0x0f, 0x05 };

	assert_true(patch_match(code, NR));
	assert_false(patch_match(code, NR + 1)); // rax was changed on the way: not this mov
	code[0] = 0xb9; // mov $nr, %ecx
	assert_false(patch_match(code, NR));
	code[0] = 0xb8;
	code[6] = 0x34; // sysenter
	assert_false(patch_match(code, NR));
	code[6] = 0x05;
	code[4] = 1;
	assert_false(patch_match(code, NR));
	assert_true(patch_match(code, NR + (1u << 24)));
}

static void too_far(void **state)
{
	uint8_t jump[PATCH_LEN], stub[STUB_LEN];
	const uintptr_t at = 0x400000;

	assert_true(patch_jump(jump, at, at + PATCH_LEN + INT32_MAX));
	assert_false(patch_jump(jump, at, at + PATCH_LEN + INT32_MAX + 1ul));
	assert_true(patch_jump(jump, at + (1ul << 31), at + PATCH_LEN));
	assert_false(patch_jump(jump, at + (1ul << 31), at + PATCH_LEN - 1));
	assert_false(patch_stub(stub, at, NR, at + (1ul << 32), at));
	assert_false(patch_stub(stub, at, NR, at, at + (1ul << 32)));
	assert_true(patch_stub(stub, at, NR, at + 100, at - 100));
}

// A page as the library OS makes it: entry's address, a site, a stub. The entry here puts number and return address together.
//   f: mov $nr,%eax; syscall; ret    entry: mov %rcx,%rdx; jmp *%rcx
static void runs(void **state)
{
	static const uint8_t site[] = { 0xb8, NR, 0, 0, 0, 0x0f, 0x05, 0xc3 };
	static const uint8_t entry[] = { 0x83, 0xc0, 0x01, 0xff, 0xe1 }; // add $1, %eax; jmp *%rcx
	uint8_t *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uintptr_t at = (uintptr_t)page, f = at + 64, stub = at + 128, entry_at = at + 256;
	int (*call)(void) = (int (*)(void))f;

	assert_true(page != MAP_FAILED);
	memcpy(page, &entry_at, 8);
	memcpy((void *)f, site, sizeof(site));
	memcpy((void *)entry_at, entry, sizeof(entry));
	assert_true(patch_stub((uint8_t *)stub, stub, NR, f + 7, at));
	assert_true(patch_jump((uint8_t *)f, f, stub));
	assert_int_equal(((uint8_t *)f)[5], 0x0f); // the syscall instruction stays
	assert_int_equal(mprotect(page, 4096, PROT_READ | PROT_EXEC), 0);
	assert_int_equal(call(), NR + 1);
	munmap(page, 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(match),
		cmocka_unit_test(too_far),
		cmocka_unit_test(runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
