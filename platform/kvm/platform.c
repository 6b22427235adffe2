// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The library OS in a virtual machine of our own monitor. Page tables belong to the nucleus, which
// is asked by INT; on hosts that emulate privileged code (BOOT_SLOW_CPL0) the monitor edits them
// instead, which costs one exit. Everything else is a call to the monitor: an OUT, which the
// nucleus lets CPL 3 do itself.
#include <stdbool.h>

#include <platform/nucleus_call.h>
#include <platform/platform.h>

static struct {
	struct vcpu_area *area;
	bool slow;
} kvm;

// rax, and as many of rdi, rsi, rdx, r10 as the call has; the rest is ignored.
static long host_call(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	register uint64_t r10 __asm__("r10") = d;

	__asm__ volatile("outl %%eax, %[port]"
			 : "+a"(nr)
			 : [port] "N"(HOST_PORT), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "memory");
	return (long)nr;
}

static int kvm_start(const struct boot_block *boot)
{
	kvm.area = (struct vcpu_area *)boot->area_va;
	kvm.slow = boot->flags & BOOT_SLOW_CPL0;
	return 0;
}

static int kvm_map(uintptr_t va, paddr_t pa, size_t len, unsigned prot)
{
	return (int)(kvm.slow ? host_call(HOST_MAP, va, pa, len, prot)
			      : nucleus_call(NCALL_MAP, va, pa, len, prot));
}

static int kvm_unmap(uintptr_t va, size_t len)
{
	return (int)(kvm.slow ? host_call(HOST_UNMAP, va, len, 0, 0)
			      : nucleus_call(NCALL_UNMAP, va, len, 0, 0));
}

static int kvm_protect(uintptr_t va, size_t len, unsigned prot)
{
	return (int)(kvm.slow ? host_call(HOST_PROTECT, va, len, prot, 0)
			      : nucleus_call(NCALL_PROTECT, va, len, prot, 0));
}

static void kvm_release(paddr_t pa, size_t len)
{
	host_call(HOST_RELEASE, pa, len, 0, 0);
}

static void kvm_wait(void)
{
	host_call(HOST_WAIT, 0, 0, 0, 0);
}

static void kvm_volume(void)
{
	host_call(HOST_VOLUME, 0, 0, 0, 0);
}

// The monitor's editor is sealed from the start.
static void kvm_seal(void)
{
	if (!kvm.slow)
		nucleus_call(NCALL_SEAL, 0, 0, 0, 0);
}

static void kvm_exit(int status) __attribute__((noreturn));
static void kvm_exit(int status)
{
	kvm.area->exit_status = (uint32_t)status;
	for (;;)
		host_call(HOST_EXIT, 0, 0, 0, 0);
}

const struct platform platform_kvm = {
	.name = "kvm",
	.start = kvm_start,
	.map = kvm_map,
	.unmap = kvm_unmap,
	.protect = kvm_protect,
	.release = kvm_release,
	.wait = kvm_wait,
	.volume = kvm_volume,
	.seal = kvm_seal,
	.exit = kvm_exit,
};
