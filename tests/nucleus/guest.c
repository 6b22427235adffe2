// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A guest that tries the nucleus's whole contract, in place of a library OS: entry, system calls, traps, map, unmap, protect and what
// they refuse, ticks, waiting, exit. It exits with 0, or with the line number (modulo 251, plus 1) of the first check that failed.
#include <errno.h>
#include <stdint.h>

#include <pith/boot.h>
#include <pith/nucleus.h>

#define RW 3
#define RX 5

uint64_t seen[4]; // rcx, r11, rsp of the last system call; rsp of the last trap
uint64_t resume_rip, resume_rsp, ticks;
struct vcpu_area *area;
static const struct boot_block *boot;

int try_load(uint64_t va);
int try_store(uint64_t va);
int try_jump(uint64_t va);
long nucleus_int(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
long nucleus_injected(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d);

static long nucleus(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	return boot->flags & BOOT_SLOW_CPL0 ? nucleus_injected(nr, a, b, c, d) : nucleus_int(nr, a, b, c, d);
}

static long host(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	register uint64_t r10 __asm__("r10") = d;

	__asm__ volatile("out %%eax, $0x50" : "+a"(nr) : "D"(a), "S"(b), "d"(c), "r"(r10) : "memory");
	return (long)nr;
}

static void finish(int status)
{
	area->exit_status = (uint32_t)status;
	host(HOST_EXIT, 0, 0, 0, 0);
	for (;;)
		;
}

#define CHECK(what) do { if (!(what)) finish(__LINE__ % 251 + 1); } while (0)
#define REFUSED(err, ...) CHECK(nucleus(__VA_ARGS__) == -(err))

static void test_syscall(void)
{
	uint64_t rsp, rip;
	long result = 42;

	__asm__ volatile("mov %%rsp, %1; lea 1f(%%rip), %2; syscall; 1:" : "+a"(result), "=&b"(rsp), "=&r"(rip)
			 :: "rcx", "r11", "memory");
	CHECK(result == 1234);
	CHECK(seen[0] == rip);
	CHECK(seen[1] & 0x200);
	CHECK(seen[2] == rsp);
	CHECK(nucleus(77, 0, 0, 0, 0) == -ENOSYS);
	CHECK(nucleus(NCALL_RESET, 0, 0, 0, 0) == -ENOSYS);
}

static void test_traps(void)
{
	CHECK(try_load(0x123450) == -1);
	CHECK(area->trap_vector == TRAP_PAGE && area->trap_cr2 == 0x123450 && area->trap_error == 4);
	CHECK(area->trap_rsp == resume_rsp && seen[3] == resume_rsp);
	CHECK(area->trap_rip >= boot->kernel_va && area->trap_rip < boot->kernel_va + boot->kernel_len);
	CHECK(try_store(0x123450) == -1);
	CHECK(area->trap_error == 6);
	CHECK(try_load(0x8000000000000000ull) == -1);
	CHECK(area->trap_vector == TRAP_PROTECTION && area->trap_error == 0);
	CHECK(try_load(0xffffffff80000000ull) == -1);
	CHECK(try_store(boot->text_va) == -1);
	CHECK(area->trap_vector == TRAP_PAGE && area->trap_error == 7);
	CHECK(try_jump((uint64_t)&seen) == -1);
	CHECK(area->trap_error == 0x15 && area->trap_rip == (uint64_t)&seen);
}

static void test_map(paddr_t pa)
{
	uint64_t va = 0x400000, ram = boot->ram_va - boot->ram_pa;
	volatile uint8_t *p = (void *)va, *direct = (void *)(ram + pa);

	CHECK(nucleus(NCALL_MAP, va, pa, 3 * PAGE_SIZE, RW) == 0);
	p[0] = 7;
	p[2 * PAGE_SIZE] = 9;
	CHECK(direct[0] == 7 && direct[2 * PAGE_SIZE] == 9);
	CHECK(try_load(va + 3 * PAGE_SIZE) == -1);
	CHECK(nucleus(NCALL_PROTECT, va, PAGE_SIZE, 1, 0) == 0);
	CHECK(try_load(va) == 0 && try_store(va) == -1 && area->trap_error == 7);
	CHECK(try_store(va + PAGE_SIZE) == 0);
	CHECK(nucleus(NCALL_PROTECT, va, PAGE_SIZE, RW, 0) == 0);
	CHECK(try_store(va) == 0);
	CHECK(nucleus(NCALL_MAP, va, pa + PAGE_SIZE, PAGE_SIZE, RW) == 0);
	direct[PAGE_SIZE] = 11;
	CHECK(p[0] == 11);
	direct[0] = 0xc3; // ret
	CHECK(nucleus(NCALL_MAP, va, pa, PAGE_SIZE, RX) == 0);
	CHECK(try_jump(va) == 0 && try_store(va) == -1);
	CHECK(nucleus(NCALL_UNMAP, va, 2 * PAGE_SIZE, 0, 0) == 0);
	CHECK(try_load(va) == -1 && try_load(va + PAGE_SIZE) == -1 && try_load(va + 2 * PAGE_SIZE) == 0);
	CHECK(nucleus(NCALL_UNMAP, 0x10000, 64ul << 30, 0, 0) == 0);
	CHECK(try_load(va + 2 * PAGE_SIZE) == -1);
}

// Two megabytes at once, and a hole in the middle of them.
static void test_large(paddr_t pa)
{
	uint64_t va = 0x40000000, large = 2ul << 20;

	pa = (pa + large - 1) & ~(large - 1);
	CHECK(nucleus(NCALL_MAP, va, pa, large, RW) == 0);
	CHECK(try_store(va) == 0 && try_store(va + large - 1) == 0);
	CHECK(nucleus(NCALL_UNMAP, va + PAGE_SIZE, PAGE_SIZE, 0, 0) == 0);
	CHECK(try_store(va) == 0 && try_store(va + PAGE_SIZE) == -1 && try_store(va + 2 * PAGE_SIZE) == 0);
	CHECK(nucleus(NCALL_UNMAP, va, large, 0, 0) == 0);
	CHECK(try_load(va) == -1 && try_load(va + large - 1) == -1);
}

// The monitor's editor: only there where the nucleus is slow.
static void test_host_map(paddr_t pa)
{
	uint64_t va = 0x50000000, large = 2ul << 20, big = (pa + large - 1) & ~(large - 1);
	volatile uint8_t *p = (void *)va, *direct = (void *)(boot->ram_va - boot->ram_pa + pa);

	if (!(boot->flags & BOOT_SLOW_CPL0)) {
		CHECK(host(HOST_MAP, va, pa, PAGE_SIZE, RW) == -ENOSYS);
		return;
	}
	CHECK(try_load(va) == -1);
	CHECK(host(HOST_MAP, va, pa, 4 * PAGE_SIZE, RW) == 0);
	CHECK(try_store(va) == 0 && try_store(va + 3 * PAGE_SIZE) == 0);
	CHECK(host(HOST_PROTECT, va, PAGE_SIZE, 1, 0) == 0);
	CHECK(try_load(va) == 0 && try_store(va) == -1 && try_store(va + PAGE_SIZE) == 0);
	CHECK(host(HOST_MAP, va, pa + PAGE_SIZE, PAGE_SIZE, RW) == 0);
	direct[PAGE_SIZE] = 77;
	CHECK(p[0] == 77);
	CHECK(host(HOST_UNMAP, va, 2 * PAGE_SIZE, 0, 0) == 0);
	CHECK(try_load(va) == -1 && try_load(va + PAGE_SIZE) == -1 && try_load(va + 2 * PAGE_SIZE) == 0);
	CHECK(host(HOST_UNMAP, va, large, 0, 0) == 0);
	CHECK(try_load(va + 2 * PAGE_SIZE) == -1);
	CHECK(host(HOST_MAP, va, big, large, RW) == 0);
	CHECK(try_store(va) == 0 && try_store(va + large - 1) == 0);
	CHECK(host(HOST_UNMAP, va + PAGE_SIZE, PAGE_SIZE, 0, 0) == 0);
	CHECK(try_store(va) == 0 && try_store(va + PAGE_SIZE) == -1 && try_store(va + large - 1) == 0);
	CHECK(host(HOST_UNMAP, va, large, 0, 0) == 0);
	CHECK(try_load(va) == -1 && try_load(va + large - 1) == -1);
	CHECK(host(HOST_MAP, va, pa, PAGE_SIZE, 7) == -EACCES);
	CHECK(host(HOST_MAP, va, pa, PAGE_SIZE, 0x100000003ul) == -EINVAL);
	CHECK(host(HOST_MAP, boot->text_va, pa, PAGE_SIZE, 3) == -EPERM);
	CHECK(host(HOST_PROTECT, boot->ram_va, PAGE_SIZE, 1, 0) == -EPERM);
	CHECK(host(HOST_UNMAP, boot->text_va, PAGE_SIZE, 0, 0) == -EPERM);
	CHECK(host(HOST_MAP, va, boot->ram_pa + boot->ram_len, PAGE_SIZE, 3) == -EPERM);
	CHECK(host(HOST_MAP, va, ~0xffful, PAGE_SIZE, 3) == -EINVAL);
	CHECK(try_load(va) == -1);
}

// More address space than there are tables for, little by little: empty tables must come back.
static void test_churn(paddr_t pa)
{
	uint64_t i, va = 1ul << 40, step = 64ul << 20;

	for (i = 0; i < 400 && boot->flags & BOOT_SLOW_CPL0; i++) {
		CHECK(host(HOST_MAP, va + i * step, pa, PAGE_SIZE, RW) == 0);
		CHECK(try_store(va + i * step) == 0);
		CHECK(host(HOST_UNMAP, va + i * step, PAGE_SIZE, 0, 0) == 0);
		CHECK(try_store(va + i * step) == -1);
	}
}

static void test_refusals(paddr_t pa)
{
	uint64_t va = 0x600000;

	REFUSED(EACCES, NCALL_MAP, va, pa, PAGE_SIZE, 7);
	REFUSED(EACCES, NCALL_PROTECT, boot->ram_va, PAGE_SIZE, 7, 0);
	REFUSED(EINVAL, NCALL_MAP, va, pa, PAGE_SIZE, 8);
	REFUSED(EINVAL, NCALL_MAP, va, pa, PAGE_SIZE, 0);
	REFUSED(EINVAL, NCALL_MAP, va + 1, pa, PAGE_SIZE, RW);
	REFUSED(EINVAL, NCALL_MAP, va, pa + 8, PAGE_SIZE, RW);
	REFUSED(EINVAL, NCALL_MAP, va, pa, 100, RW);
	REFUSED(EINVAL, NCALL_MAP, va, pa, 0, RW);
	REFUSED(EINVAL, NCALL_MAP, va, pa, -PAGE_SIZE, RW);
	REFUSED(EPERM, NCALL_MAP, 0, pa, PAGE_SIZE, RW);
	REFUSED(EPERM, NCALL_MAP, 0x800000000000, pa, PAGE_SIZE, RW);
	REFUSED(EPERM, NCALL_MAP, 0xffffffff80000000ull, pa, PAGE_SIZE, RW);
	REFUSED(EPERM, NCALL_MAP, va, boot->ram_pa - PAGE_SIZE, PAGE_SIZE, RW);
	REFUSED(EPERM, NCALL_MAP, va, boot->ram_pa + boot->ram_len - PAGE_SIZE, 2 * PAGE_SIZE, RW);
	REFUSED(EPERM, NCALL_MAP, va, boot->image_pa, PAGE_SIZE, RW);
	REFUSED(EPERM, NCALL_MAP, va, boot->image_pa + boot->image_len, PAGE_SIZE, 1);
	REFUSED(EPERM, NCALL_MAP, boot->text_va, pa, PAGE_SIZE, RW);
	REFUSED(EPERM, NCALL_UNMAP, boot->text_va, PAGE_SIZE, 0, 0);
	REFUSED(EPERM, NCALL_UNMAP, boot->text_va - PAGE_SIZE, 3 * PAGE_SIZE, 0, 0);
	REFUSED(EPERM, NCALL_PROTECT, boot->text_va, PAGE_SIZE, RW, 0);
	CHECK(try_load(va) == -1);
	CHECK(host(99, 0, 0, 0, 0) == -ENOSYS);
	CHECK(host(HOST_RELEASE, boot->ram_pa + boot->ram_len, PAGE_SIZE, 0, 0) == -EINVAL);
	CHECK(nucleus(NCALL_MAP, va, boot->image_pa, PAGE_SIZE, 1) == 0);
	CHECK(try_load(va) == 0);
	CHECK(nucleus(NCALL_UNMAP, va, PAGE_SIZE, 0, 0) == 0);
}

static void test_release(paddr_t pa)
{
	volatile uint8_t *p = (void *)(boot->ram_va + (pa - boot->ram_pa));

	p[5] = 1;
	CHECK(host(HOST_RELEASE, pa, PAGE_SIZE, 0, 0) == 0);
	CHECK(p[5] == 0);
}

// Ticks never come while rip is in the "library OS": all of the text but this.
__attribute__((noinline, section(".text.program"))) static void test_ticks(void)
{
	uint64_t i, before = ticks;

	for (i = 0; i < 4000000000ull && ticks < before + 3; i++)
		__asm__ volatile("" ::: "memory");
	CHECK(ticks >= before + 3);
	area->wait_ns = 3000000;
	host(HOST_WAIT, 0, 0, 0, 0);
}

static void test_seal(paddr_t pa)
{
	CHECK(nucleus(NCALL_SEAL, 0, 0, 0, 0) == 0);
	REFUSED(EPERM, NCALL_PROTECT, boot->ram_va, PAGE_SIZE, 1, 0);
	REFUSED(EPERM, NCALL_UNMAP, (uint64_t)&seen & ~0xfffull, PAGE_SIZE, 0, 0);
	CHECK(nucleus(NCALL_MAP, 0x700000, pa, PAGE_SIZE, RW) == 0);
	CHECK(try_store(0x700000) == 0);
}

void guest_main(const struct boot_block *b)
{
	paddr_t pa = b->ram_pa + b->ram_free_off;

	boot = b;
	area = (struct vcpu_area *)b->area_va;
	test_syscall();
	test_traps();
	test_map(pa);
	test_large(pa);
	test_host_map(pa);
	test_churn(pa);
	test_refusals(pa);
	test_release(pa);
	test_ticks();
	test_seal(pa);
	finish(0);
}
