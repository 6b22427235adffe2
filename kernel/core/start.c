// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The boot of the library OS: from the loader's hand-over to the program's first instruction, in
// order.
#include <core/console.h>
#include <core/crash.h>
#include <core/random.h>
#include <fs/vnode.h>
#include <linux/boot.h>
#include <linux/process.h>
#include <mm/mm.h>
#include <net/net.h>
#include <platform/platform.h>
#include <sched/clock.h>
#include <sched/fpu.h>

_Static_assert(offsetof(struct vcpu_area, trap_cr2) == 8 &&
		   offsetof(struct vcpu_area, trap_rip) == 24 &&
		   offsetof(struct vcpu_area, trap_ss) == 56,
	       "entry.S knows these");

// Each may be left out of an image (`pith build --for`).
extern const struct platform platform_kvm __attribute__((weak));
extern const struct platform platform_process __attribute__((weak));
extern const struct platform platform_pc __attribute__((weak));

// Only where a program has sockets.
#pragma weak net_init
#pragma weak net_up

const struct platform *plat;
struct percpu boot_cpu;

static void percpu_init(const struct boot_block *boot)
{
	boot_cpu.area = (struct vcpu_area *)boot->area_va;
	boot_cpu.area->entry_tsc = tsc_read();
	boot_cpu.text_va = boot->text_va;
	boot_cpu.text_end = boot->text_va + boot->text_len;
	boot_cpu.emergency_top = boot->stack_va + boot->stack_len;
	// The lowest byte is zero, so that a string that runs over cannot write the canary back.
	boot_cpu.canary = random_u64() & ~0xffull;
}

static void platform_start(const struct boot_block *boot)
{
	int r;

	static const struct platform *const platforms[] = {
		[BOOT_KVM] = &platform_kvm,
		[BOOT_PROCESS] = &platform_process,
		[BOOT_PC] = &platform_pc,
	};

	plat = platforms[boot->platform];
	if (!plat) // no console yet to say it on; loaders check the image's flags
		__builtin_trap();
	r = plat->start(boot);
	if (r)
		kpanic("the platform %s did not start: error %d", plat->name, -r);
}

// The program's first instruction is next. Nothing of the boot stack is needed from here on.
static void program_start(const struct exec_start *at) __attribute__((noreturn));
static void program_start(const struct exec_start *at)
{
	struct trap_frame *f = current()->frame;
	struct vcpu_area *area = percpu()->area;

	memset(f, 0, sizeof(*f));
	f->nr = (uint64_t)-1;
	f->rip = at->rip;
	f->rsp = at->rsp;
	f->cs = USER_CS;
	f->ss = USER_SS;
	f->rflags = 0x202;
	fpu_reset();
	area->main_tsc = tsc_read();
	area->main_ns = time_now();
	frame_return(f);
}

void kernel_start(const struct boot_block *boot) __attribute__((noreturn));
void kernel_start(const struct boot_block *boot)
{
	struct exec_start at;
	struct process *p;
	int r;

	random_seed(boot->seed);
	percpu_init(boot);
	platform_start(boot);
	console_init(boot);
	if (boot->magic != BOOT_MAGIC || boot->version != BOOT_VERSION)
		kpanic("the boot block has version %u, this library OS needs %u", boot->version,
		       BOOT_VERSION);
	frame_init(boot);
	crash_init(boot);
	sched_init();
	trim_init();
	p = process_init(boot);
	if (net_init)
		net_init(boot);
	r = fs_init(boot, p);
	if (r)
		kpanic("the root file system cannot be mounted: error %d", -r);
	if (net_up)
		net_up();
	r = exec_load(p->mm, &at);
	if (r)
		process_exit(127 << 8);
	plat->seal();
	program_start(&at);
}
