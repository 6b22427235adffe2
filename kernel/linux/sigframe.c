// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Signal handlers: the frame that Linux puts on the program's stack, byte for byte, and the way
// back by rt_sigreturn.
//
// From high to low: what the program had (its red zone of 128 bytes is skipped), the vector state
// as an XSAVE area with the marks by which unwinders and runtimes find its size, and struct
// rt_sigframe, at whose beginning the handler's return address is. Layouts:
// arch/x86/include/uapi/asm/sigcontext.h, asm/ucontext.h, arch/x86/include/asm/sigframe.h;
// arch/x86/kernel/fpu/signal.c.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/altstack.h>
#include <linux/signal.h>
#include <linux/syscall.h>
#include <sched/fpu.h>

#define RED_ZONE 128
#define FP_XSTATE_MAGIC1 0x46505853u
#define FP_XSTATE_MAGIC2 0x46505845u
#define FPSW_OFFSET 464  // struct _fpx_sw_bytes in the legacy area
#define XSTATE_BV_OFFSET 512
#define XFEATURES_FPSSE 3
#define UC_FP_XSTATE 0x1
#define UC_SIGCONTEXT_SS 0x2
#define UC_STRICT_RESTORE_SS 0x4
#define SA_RESTORER_ 0x04000000
#define SA_ONSTACK_ 0x08000000
// EFLAGS: what sigreturn may set (FIX_EFLAGS of Linux: AC OF DF TF SF ZF AF PF CF RF), and what a
// handler begins without (DF, TF, RF).
#define RFLAGS_PROGRAM 0x50dd5ul
#define RFLAGS_CLEARED 0x10500ul

struct fpx_sw {
	uint32_t magic1, extended_size;
	uint64_t xfeatures;
	uint32_t xstate_size, pad[7];
};
_Static_assert(sizeof(struct fpx_sw) == 48, "struct _fpx_sw_bytes");

struct sigcontext_user {
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip,
	    rflags;
	uint16_t cs, gs, fs, ss;
	uint64_t err, trapno, oldmask, cr2, fpstate, reserved[8];
};
_Static_assert(sizeof(struct sigcontext_user) == 256, "struct sigcontext");

struct ucontext_user {
	uint64_t flags, link;
	struct altstack_user stack;
	struct sigcontext_user mc;
	uint64_t mask;
};
_Static_assert(sizeof(struct ucontext_user) == 304, "struct ucontext");

struct rt_sigframe {
	uint64_t restorer;
	struct ucontext_user uc;
	struct siginfo_user info;
};
_Static_assert(sizeof(struct rt_sigframe) == 440, "struct rt_sigframe");

// core/user_copy.S: 0 or -EFAULT.
long user_xsave(void *area);
long user_xrstor(const void *area, uint64_t features);

static uint64_t stack_for(struct thread *t, const struct trap_frame *f,
			  const struct signal_action *sa)
{
	if (sa->flags & SA_ONSTACK_ && t->sig.altstack_len && !altstack_contains(t, f->rsp))
		return t->sig.altstack_base + t->sig.altstack_len;
	return f->rsp - RED_ZONE;
}

// The area is cleared first: XSAVE leaves the reserved parts of the header alone, and they must be
// zero.
static int save_vectors(uint64_t at)
{
	size_t size = fpu_size();
	struct fpx_sw sw = {
		.magic1 = FP_XSTATE_MAGIC1,
		.extended_size = (uint32_t)size + 4,
		.xfeatures = fpu_features(),
		.xstate_size = (uint32_t)size,
	};
	uint32_t magic2 = FP_XSTATE_MAGIC2;
	uint64_t present;

	if (zero_user((void *)at, size + 4) || user_xsave((void *)at))
		return -EFAULT;
	// x87 and SSE state are there even when in their initial state: who reads the frame in the
	// old way expects it.
	if (copy_from_user(&present, (void *)(at + XSTATE_BV_OFFSET), sizeof(present)))
		return -EFAULT;
	present |= XFEATURES_FPSSE;
	if (copy_to_user((void *)(at + XSTATE_BV_OFFSET), &present, sizeof(present)) ||
	    copy_to_user((void *)(at + FPSW_OFFSET), &sw, sizeof(sw)))
		return -EFAULT;
	return copy_to_user((void *)(at + size), &magic2, sizeof(magic2));
}

static void fill_context(struct sigcontext_user *mc, const struct trap_frame *f,
			 const struct thread *t, uint64_t mask, uint64_t fpstate)
{
	*mc = (struct sigcontext_user){
		.r8 = f->r8,
		.r9 = f->r9,
		.r10 = f->r10,
		.r11 = f->r11,
		.r12 = f->r12,
		.r13 = f->r13,
		.r14 = f->r14,
		.r15 = f->r15,
		.rdi = f->rdi,
		.rsi = f->rsi,
		.rbp = f->rbp,
		.rbx = f->rbx,
		.rdx = f->rdx,
		.rax = f->rax,
		.rcx = f->rcx,
		.rsp = f->rsp,
		.rip = f->rip,
		.rflags = f->rflags,
		.cs = USER_CS,
		.ss = USER_SS,
		.err = t->sig.fault_error,
		.trapno = t->sig.fault_vector,
		.oldmask = mask,
		.cr2 = t->sig.fault_cr2,
		.fpstate = fpstate,
	};
}

static bool push(struct trap_frame *f, const struct siginfo_lite *info,
		 const struct signal_action *sa, uint64_t mask)
{
	struct thread *t = current();
	uint64_t fp = ALIGN_DOWN(stack_for(t, f, sa) - fpu_size() - 4, (uint64_t)FPU_ALIGN);
	uint64_t at = ALIGN_DOWN(fp - sizeof(struct rt_sigframe), 16ul) - 8;
	struct rt_sigframe frame;

	if (!(sa->flags & SA_RESTORER_))
		return false;
	// An overflow of the alternate stack is not written somewhere else.
	if (altstack_contains(t, f->rsp) && !altstack_contains(t, at))
		return false;
	frame.restorer = sa->restorer;
	frame.uc.flags = UC_FP_XSTATE | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS;
	frame.uc.link = 0;
	altstack_get(t, f->rsp, &frame.uc.stack);
	fill_context(&frame.uc.mc, f, t, mask, fp);
	frame.uc.mask = mask;
	siginfo_to_user(&frame.info, info);
	if (save_vectors(fp) || copy_to_user((void *)at, &frame, sizeof(frame)))
		return false;
	altstack_disarm(t);
	f->rdi = (uint64_t)info->signo;
	f->rsi = at + offsetof(struct rt_sigframe, info);
	f->rdx = at + offsetof(struct rt_sigframe, uc);
	f->rax = 0;
	f->rsp = at;
	f->rip = sa->handler;
	f->rflags &= ~RFLAGS_CLEARED;
	f->nr = (uint64_t)-1;
	return true;
}

static const struct signal_frame_ops ops = { .push = push };

void signal_frames_link(void)
{
	signal_frames = &ops;
}

static int restore_vectors(uint64_t at)
{
	size_t size = fpu_size();
	struct fpx_sw sw;
	uint32_t magic2;
	uint64_t features = XFEATURES_FPSSE;

	if (!at) {
		fpu_reset();
		return 0;
	}
	if (at & (FPU_ALIGN - 1) || !user_range_ok((void *)at, size + 4) ||
	    copy_from_user(&sw, (void *)(at + FPSW_OFFSET), sizeof(sw)))
		return -EFAULT;
	if (sw.magic1 == FP_XSTATE_MAGIC1 && sw.xstate_size <= size &&
	    sw.xstate_size >= XSTATE_BV_OFFSET + 64 &&
	    !copy_from_user(&magic2, (void *)(at + sw.xstate_size), sizeof(magic2)) &&
	    magic2 == FP_XSTATE_MAGIC2)
		features = sw.xfeatures & fpu_features();
	if (features != fpu_features())
		fpu_reset(); // what the frame does not have begins anew
	return (int)user_xrstor((void *)at, features);
}

static void restore_context(struct trap_frame *f, const struct sigcontext_user *mc)
{
	f->r8 = mc->r8;
	f->r9 = mc->r9;
	f->r10 = mc->r10;
	f->r11 = mc->r11;
	f->r12 = mc->r12;
	f->r13 = mc->r13;
	f->r14 = mc->r14;
	f->r15 = mc->r15;
	f->rdi = mc->rdi;
	f->rsi = mc->rsi;
	f->rbp = mc->rbp;
	f->rbx = mc->rbx;
	f->rdx = mc->rdx;
	f->rax = mc->rax;
	f->rcx = mc->rcx;
	f->rsp = mc->rsp;
	f->rip = mc->rip;
	f->rflags = (f->rflags & ~RFLAGS_PROGRAM) | (mc->rflags & RFLAGS_PROGRAM);
}

long sys_rt_sigreturn(void)
{
	struct thread *t = current();
	struct trap_frame *f = t->frame;
	struct siginfo_lite bad = { .signo = SIGSEGV, .code = SI_KERNEL };
	struct ucontext_user uc;

	if (copy_from_user(&uc, (void *)f->rsp, sizeof(uc)) || uc.mc.rip >= USER_HIGH ||
	    restore_vectors(uc.mc.fpstate)) {
		signal_force(t, &bad);
		return 0;
	}
	restore_context(f, &uc.mc);
	f->nr = (uint64_t)-1;
	percpu()->need_resched = 1;
	signal_set_mask(t, uc.mask);
	altstack_set(t, f->rsp, &uc.stack);
	return 0;
}
