// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Fault reports, printed with nothing but the console ring.
#include <core/crash.h>
#include <core/symbol.h>
#include <core/user.h>
#include <linux/process.h>
#include <mm/mm.h>
#include <platform/platform.h>

#define DEPTH_MAX 32
#define STACK_WORDS 16
#define FEW_FRAMES 2

static struct {
	uintptr_t text, text_end;
	int depth; // reports within reports
} crash;

void crash_init(const struct boot_block *boot)
{
	crash.text = boot->text_va;
	crash.text_end = boot->text_va + boot->text_len;
	symbol_init(boot);
}

void crash_print_address(const char *label, uintptr_t pc)
{
	char name[96];

	if (symbol_find(pc, name, sizeof(name)))
		klog("  %s 0x%lx %s", label, pc, name);
	else
		klog("  %s 0x%lx", label, pc);
}

static void print_registers(const struct trap_frame *f)
{
	klog("  rip %016lx  rsp %016lx  rflags %08lx", f->rip, f->rsp, f->rflags);
	klog("  rax %016lx  rbx %016lx  rcx %016lx  rdx %016lx", f->rax, f->rbx, f->rcx, f->rdx);
	klog("  rsi %016lx  rdi %016lx  rbp %016lx  r8  %016lx", f->rsi, f->rdi, f->rbp, f->r8);
	klog("  r9  %016lx  r10 %016lx  r11 %016lx  r12 %016lx", f->r9, f->r10, f->r11, f->r12);
	klog("  r13 %016lx  r14 %016lx  r15 %016lx", f->r13, f->r14, f->r15);
}

// Frames lie upwards of each other; a chain that goes down or jumps far is not one.
static bool next_frame(uintptr_t *rbp, uintptr_t *pc, int (*load)(void *, const void *, size_t))
{
	uintptr_t pair[2];

	if (*rbp & 7 || load(pair, (const void *)*rbp, sizeof(pair)) || !pair[1])
		return false;
	*pc = pair[1];
	if (pair[0] <= *rbp || pair[0] - *rbp > 1ul << 20)
		*rbp = 0;
	else
		*rbp = pair[0];
	return true;
}

static int load_kernel(void *dst, const void *src, size_t n)
{
	uintptr_t at = (uintptr_t)src;
	struct thread *t = current();

	if (t && (at < t->stack_va - t->stack_len || at + n > t->stack_va) &&
	    (at < percpu()->emergency_top - PAGE_SIZE || at + n > percpu()->emergency_top))
		return -1;
	memcpy(dst, src, n);
	return 0;
}

static int backtrace(uintptr_t rbp, int (*load)(void *, const void *, size_t))
{
	uintptr_t pc;
	int i;

	for (i = 0; i < DEPTH_MAX && rbp && next_frame(&rbp, &pc, load); i++)
		crash_print_address("at", pc);
	return i;
}

void crash_backtrace(uintptr_t rbp)
{
	backtrace(rbp, load_kernel);
}

static void print_stack(uintptr_t rsp)
{
	uint64_t w[STACK_WORDS];

	if (copy_from_user(w, (const void *)rsp, sizeof(w)))
		return;
	for (int i = 0; i < STACK_WORDS; i += 4)
		klog("  stack %016lx  %016lx  %016lx  %016lx", w[i], w[i + 1], w[i + 2], w[i + 3]);
}

void crash_report(const struct trap_frame *f, const char *what)
{
	struct thread *t = current();

	if (crash.depth++)
		return;
	klog("%s (thread %d) ended by %s", t->comm, t->tid, what);
	crash_print_address("in", f->rip);
	print_registers(f);
	if (backtrace(f->rbp, copy_from_user) < FEW_FRAMES && crash_scan_stack)
		crash_scan_stack(f->rsp);
	print_stack(f->rsp);
}

void crash_kernel(const struct trap_frame *f)
{
	if (crash.depth++ > 1)
		plat->exit(126);
	klog("fault %lu (error 0x%lx, address 0x%lx) in the library OS; this is a bug in pith",
	     f->vector, f->error, f->cr2);
	crash_print_address("in", f->rip);
	print_registers(f);
	backtrace(f->rbp, load_kernel);
	plat->exit(126);
}
