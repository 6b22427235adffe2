// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/linux/patch_code.c: which call sites are taken, and that jump and stub do what they
// should: they are run.
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

struct decode_case {
	uint8_t code[8];
	size_t len;
	struct patch_instruction want; // len 0: refused
};

static void decode(void **state)
{
	static const struct decode_case cases[] = {
		{ { 0xb8, NR, 0, 0, 0 }, 5, { 5, PATCH_IMMEDIATE, 0, false, NR } }, // mov $110,%eax
		// mov $-1,%edx
		{ { 0xba, 0xff, 0xff, 0xff, 0xff }, 5, { 5, PATCH_IMMEDIATE, 2, false, -1 } },
		// mov $1,%r8d
		{ { 0x41, 0xb8, 1, 0, 0, 0 }, 6, { 6, PATCH_IMMEDIATE, 8, false, 1 } },
		// mov 8(%rsp),%r9
		{ { 0x4c, 0x8b, 0x4c, 0x24, 8 }, 5, { 5, PATCH_STACK_LOAD, 9, true, 8 } },
		// mov -8(%rsp),%edi
		{ { 0x8b, 0x7c, 0x24, 0xf8 }, 4, { 4, PATCH_STACK_LOAD, 7, false, -8 } },
		// lea 16(%rsp),%rsi
		{ { 0x48, 0x8d, 0x74, 0x24, 16 }, 5, { 5, PATCH_STACK_ADDRESS, 6, true, 16 } },
		{ { 0x48, 0x8b, 0xb4, 0x24, 0, 1, 0, 0 }, 8,
		  { 8, PATCH_STACK_LOAD, 6, true, 256 } },
		{ { 0x48, 0x89, 0xca }, 3, { 3, PATCH_OTHER, 2, true, 0 } }, // mov %rcx,%rdx
		{ { 0x31, 0xff }, 2, { 2, PATCH_OTHER, 7, false, 0 } }, // xor %edi,%edi
		{ { 0xb8, NR, 0, 0 }, 4, { 0 } }, // cut off
		{ { 0xbc, 1, 0, 0, 0 }, 5, { 0 } }, // mov $1,%esp
		{ { 0x48, 0xb8, 1, 0, 0, 0, 0, 0 }, 8, { 0 } }, // movabs: ten bytes
		{ { 0x48, 0x89, 0xc4 }, 3, { 0 } }, // mov %rax,%rsp
		{ { 0x48, 0x8b, 0x05, 1, 0, 0, 0 }, 7, { 0 } }, // mov 1(%rip),%rax
		{ { 0x8b, 0x7d, 0xa0 }, 3, { 0 } }, // mov -0x60(%rbp),%edi
		{ { 0x49, 0x8b, 0x4c, 0x24, 8 }, 5, { 0 } }, // mov 8(%r12),%rcx
		{ { 0x4a, 0x8b, 0x4c, 0x24, 8 }, 5, { 0 } }, // mov 8(%rsp,%r12),%rcx
		{ { 0xeb, 0x05 }, 2, { 0 } }, // jmp
		{ { 0xe8, 0, 0, 0, 0 }, 5, { 0 } }, // call
		{ { 0x41 }, 1, { 0 } },
		{ { 0 }, 0, { 0 } },
	};
	struct patch_instruction i;

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		bool ok = patch_decode(cases[k].code, cases[k].len, &i);

		assert_int_equal(ok, cases[k].want.len != 0);
		if (!ok)
			continue;
		assert_int_equal(i.len, cases[k].want.len);
		assert_int_equal(i.source, cases[k].want.source);
		assert_int_equal(i.reg, cases[k].want.reg);
		assert_int_equal(i.wide, cases[k].want.wide);
		assert_int_equal(i.value, cases[k].want.value);
	}
}

static bool row(const uint8_t *code, size_t len, struct patch_instruction *first)
{
	uint8_t window[PATCH_WINDOW];

	memset(window, 0x90, sizeof(window));
	memcpy(window + PATCH_WINDOW - len, code, len);
	return patch_row(window, (unsigned)len, first);
}

static void rows(void **state)
{
	static const uint8_t musl[] = { 0x4c, 0x8b, 0x4c, 0x24, 8, 0x48, 0x89, 0xca };
	static const uint8_t two[] = { 0xb8, NR, 0, 0, 0, 0xba, 1, 0, 0, 0 };
	// mov $1,%edx; xor %edx,%edx
	static const uint8_t overwritten[] = { 0xba, 1, 0, 0, 0, 0x31, 0xd2 };
	static const uint8_t branch[] = { 0xb8, NR, 0, 0, 0, 0x74, 0x02 };
	static const uint8_t small[] = { 0x48, 0x89, 0xca };
	struct patch_instruction first;

	assert_true(row(musl, sizeof(musl), &first));
	assert_int_equal(first.len, 5);
	assert_int_equal(first.reg, 9);
	assert_true(row(two, sizeof(two), &first));
	assert_int_equal(first.reg, 0);
	assert_false(row(overwritten, sizeof(overwritten), &first));
	assert_false(row(branch, sizeof(branch), &first));
	assert_false(row(small, sizeof(small), &first));
	assert_false(row(two + 1, sizeof(two) - 1, &first)); // not at an instruction's beginning
}

static void too_far(void **state)
{
	static const uint8_t mov[PATCH_WINDOW] = { 0xb8, NR, 0, 0, 0 };
	uint8_t jump[PATCH_LEN], stub[STUB_MAX];
	const uintptr_t at = 0x400000;

	assert_true(patch_jump(jump, at, at + PATCH_LEN + INT32_MAX));
	assert_false(patch_jump(jump, at, at + PATCH_LEN + INT32_MAX + 1ul));
	assert_true(patch_jump(jump, at + (1ul << 31), at + PATCH_LEN));
	assert_false(patch_jump(jump, at + (1ul << 31), at + PATCH_LEN - 1));
	assert_int_equal(patch_stub(stub, at, mov, 5, at + (1ul << 32), at), 0);
	assert_int_equal(patch_stub(stub, at, mov, 5, at, at + (1ul << 32)), 0);
	assert_int_equal(patch_stub(stub, at, mov, 5, at + 100, at - 100), 20);
	assert_true(patch_stub(stub, at, mov, PATCH_WINDOW, at, at) <= STUB_MAX);
}

// A page as the library OS makes it: entry's address, a site with musl's row, a stub. The entry
// here adds up what it was given.
static void runs(void **state)
{
	// mov %edi,%eax; mov %rsi,%rcx; push $3; push $0; mov 8(%rsp),%r9; mov %rcx,%rdx; syscall;
	// pop %rcx; pop %rcx; ret
	static const uint8_t site[] = { 0x89, 0xf8, 0x48, 0x89, 0xf1, 0x6a, 3, 0x6a, 0,
					0x4c, 0x8b, 0x4c, 0x24, 8, 0x48, 0x89, 0xca,
					0x0f, 0x05, 0x59, 0x59, 0xc3 };
	// add %r9,%rax; add %rdx,%rax; jmp *%rcx
	static const uint8_t entry[] = { 0x4c, 0x01, 0xc8, 0x48, 0x01, 0xd0, 0xff, 0xe1 };
	uint8_t *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);
	uintptr_t at = (uintptr_t)page, f = at + 64, stub = at + 128, entry_at = at + 256;
	long (*call)(int, long) = (long (*)(int, long))f;

	assert_true(page != MAP_FAILED);
	memcpy(page, &entry_at, 8);
	memcpy((void *)f, site, sizeof(site));
	memcpy((void *)entry_at, entry, sizeof(entry));
	assert_int_not_equal(patch_stub((uint8_t *)stub, stub, site + 9, 8, f + 19, at), 0);
	assert_true(patch_jump((uint8_t *)f + 9, f + 9, stub));
	// All behind the first instruction stays.
	assert_memory_equal((uint8_t *)f + 14, site + 14, sizeof(site) - 14);
	assert_int_equal(mprotect(page, 4096, PROT_READ | PROT_EXEC), 0);
	assert_int_equal(call(1000, 20), 1023);
	munmap(page, 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decode),
		cmocka_unit_test(rows),
		cmocka_unit_test(too_far),
		cmocka_unit_test(runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
