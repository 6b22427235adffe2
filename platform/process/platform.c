// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The library OS in a process of Linux. RAM is a memory file of the host, mapped wherever the
// library OS wants it; the image is mapped privately. The host half (monitor/process) has put
// everything in place, handlers and filter included, before the image's first instruction; what is
// left to do here is to take the host half's own mappings away.
#include <asm/errno.h>
#include <linux/mman.h>
#include <linux/falloc.h>

#include <platform/platform.h>
#include <platform/process/gate.h>

#define VDSO_AROUND (32ul * PAGE_SIZE)

struct process_platform pp;

static bool overlaps_text(uintptr_t va, size_t len)
{
	return va < pp.text_end && va + len > pp.text;
}

static int check(uintptr_t va, size_t len, unsigned prot)
{
	if (overlaps_text(va, len))
		return -EPERM;
	if ((prot & (PROT_W | PROT_X)) == (PROT_W | PROT_X) && !(pp.boot->flags & BOOT_WX))
		return -EACCES;
	return 0;
}

static bool inside(paddr_t pa, size_t len, paddr_t start, uint64_t room)
{
	return pa >= start && len <= room && pa - start <= room - len;
}

static int process_map(uintptr_t va, paddr_t pa, size_t len, unsigned prot)
{
	const struct boot_block *b = pp.boot;
	uint64_t image_room = (b->image_len + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	int r = check(va, len, prot);

	if (r)
		return r;
	pp.page->counts[PROCESS_MAPS]++;
	if (inside(pa, len, b->ram_pa, b->ram_len))
		r = (int)(host_call(__NR_mmap, (long)va, (long)len, prot, MAP_FIXED | MAP_SHARED,
				    PROCESS_FD_RAM, (long)(pa - b->ram_pa)) >>
			  63);
	else if (inside(pa, len, b->image_pa, image_room) && !(prot & PROT_W))
		r = (int)(host_call(__NR_mmap, (long)va, (long)len, prot, MAP_FIXED | MAP_PRIVATE,
				    PROCESS_FD_IMAGE, (long)(pa - b->image_pa)) >>
			  63);
	else
		return -EPERM;
	// Addresses and rights are as they must be: the host is out of mappings.
	return r ? -ENOMEM : 0;
}

static int process_unmap(uintptr_t va, size_t len)
{
	if (overlaps_text(va, len))
		return -EPERM;
	pp.page->counts[PROCESS_MAPS]++;
	return (int)host_call(__NR_munmap, (long)va, (long)len, 0, 0, 0, 0);
}

// mprotect stops at the first hole with -ENOMEM. Then all of the range is forgotten: the library OS
// maps a page again on the fault.
static int process_protect(uintptr_t va, size_t len, unsigned prot)
{
	int r = check(va, len, prot);

	if (r)
		return r;
	pp.page->counts[PROCESS_MAPS]++;
	if (prot && host_call(__NR_mprotect, (long)va, (long)len, prot, 0, 0, 0) == 0)
		return 0;
	return (int)host_call(__NR_munmap, (long)va, (long)len, 0, 0, 0, 0);
}

static void process_release(paddr_t pa, size_t len)
{
	pp.page->counts[PROCESS_RELEASES]++;
	host_call(__NR_fallocate, PROCESS_FD_RAM, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		  (long)(pa - pp.boot->ram_pa), (long)len, 0, 0);
}

// Takes the host half out of [va, end). Some kernels seal their vDSO against unmapping and then
// refuse the whole range: go around it.
static void drop_host(uintptr_t va, uintptr_t end)
{
	uintptr_t vdso = pp.boot->platform_data[PROCESS_DATA_VDSO];

	if (!host_call(__NR_munmap, (long)va, (long)(end - va), 0, 0, 0, 0) ||
	    vdso < va + VDSO_AROUND || vdso >= end)
		return;
	host_call(__NR_munmap, (long)va, (long)(vdso - VDSO_AROUND - va), 0, 0, 0, 0);
	for (va = vdso - VDSO_AROUND; va < vdso + VDSO_AROUND && va < end; va += PAGE_SIZE)
		host_call(__NR_munmap, (long)va, PAGE_SIZE, 0, 0, 0, 0);
	if (va < end)
		host_call(__NR_munmap, (long)va, (long)(end - va), 0, 0, 0, 0);
}

static int process_start(const struct boot_block *boot)
{
	pp.boot = boot;
	pp.area = (struct vcpu_area *)boot->area_va;
	pp.page = (struct process_page *)boot->platform_data[PROCESS_DATA_PAGE];
	pp.timer = (long)boot->platform_data[PROCESS_DATA_TIMER];
	pp.tap = boot->platform_data[PROCESS_DATA_TAP];
	pp.text = boot->text_va;
	pp.text_end = (boot->text_va + boot->text_len + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	drop_host(0, boot->platform_data[PROCESS_DATA_LOW]);
	drop_host(boot->platform_data[PROCESS_DATA_HIGH], USER_HIGH);
	__atomic_store_n(&pp.page->entered, 1, __ATOMIC_RELEASE);
	wait_start();
	clock_refine();
	tick_set(true);
	return 0;
}

// Nothing is left open that only boot needs.
static void process_seal(void)
{
}

const struct platform platform_process = {
	.name = "process",
	.start = process_start,
	.map = process_map,
	.unmap = process_unmap,
	.protect = process_protect,
	.release = process_release,
	.wait = process_wait,
	.volume = process_volume,
	.seal = process_seal,
	.exit = process_end,
};
