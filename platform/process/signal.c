// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Signals of the host become what the library OS knows: system calls, faults, ticks. The handler
// only rewrites the context that the host will restore, and returns; so vector registers and all
// others come back as they were, and the alternate stack is free again before the library OS runs.
#include <asm/sigcontext.h>

#include <core/trap.h>
#include <platform/process/gate.h>

// Linux: include/uapi/asm-generic/siginfo.h, arch/x86/include/uapi/asm/ucontext.h and signal.h
#define HOST_SIGILL 4
#define HOST_SIGTRAP 5
#define HOST_SIGBUS 7
#define HOST_SIGFPE 8
#define HOST_SIGSEGV 11
#define HOST_SIGSYS 31
#define HOST_AUDIT_ARCH_X86_64 0xc000003eu

struct host_siginfo {
	int32_t signo, err, code, pad;
	uint64_t call_addr; // SIGSYS
	int32_t syscall;
	uint32_t arch;
};

struct host_ucontext {
	uint64_t flags, link, stack[3];
	struct sigcontext mc;
};
_Static_assert(offsetof(struct host_ucontext, mc) == 40, "ABI of the host");

#define FLAG_TF 0x100
#define FLAG_DF 0x400
#define FLAG_NT 0x4000
#define FLAG_AC 0x40000

static bool in_library_os(uintptr_t rip)
{
	return rip >= pp.text && rip < pp.text_end;
}

// Sends the interrupted context to trap_entry.
static void enter_trap(struct sigcontext *mc, uint64_t vector, uint64_t error, uint64_t cr2)
{
	struct vcpu_area *a = pp.area;

	a->trap_rip = mc->rip;
	a->trap_cs = USER_CS;
	a->trap_ss = USER_SS;
	a->trap_rflags = mc->eflags;
	a->trap_rsp = mc->rsp;
	a->trap_vector = vector;
	a->trap_error = error;
	a->trap_cr2 = cr2;
	mc->rip = (uintptr_t)trap_entry;
	mc->eflags &= ~(uint64_t)(FLAG_TF | FLAG_DF | FLAG_NT | FLAG_AC);
}

static void enter_syscall(const struct host_siginfo *si, struct sigcontext *mc)
{
	pp.page->counts[PROCESS_TRAPS]++;
	if (in_library_os(mc->rip)) {
		mc->rip -= 2;
		enter_trap(mc, TRAP_ILLEGAL, 0, 0);
	} else if (si->arch != HOST_AUDIT_ARCH_X86_64) {
		// int $0x80: on a machine of its own this is a protection fault with the vector's
		// selector as error code
		mc->rip -= 2;
		enter_trap(mc, TRAP_PROTECTION, 0x80 << 3 | 2, 0);
	} else {
		mc->rcx = mc->rip;
		mc->r11 = mc->eflags;
		mc->rip = (uintptr_t)syscall_entry;
		mc->eflags &= ~(uint64_t)(FLAG_TF | FLAG_DF | FLAG_NT | FLAG_AC);
	}
}

static void on_tick(struct sigcontext *mc)
{
	pp.page->counts[PROCESS_TICKS]++;
	if (pp.page->child_sleeps)
		tick_set(false);
	else if (in_library_os(mc->rip))
		__atomic_fetch_or(&pp.area->events, EVENT_TICK, __ATOMIC_RELAXED);
	else
		enter_trap(mc, TRAP_TICK, 0, 0);
}

// A fault's vector is what the processor said. A SIGBUS without one (memory that the host could not
// give) is a page fault.
static void on_fault(int signo, struct sigcontext *mc)
{
	uint64_t vector = mc->trapno;

	if (signo == HOST_SIGBUS && vector != TRAP_ALIGNMENT && vector != TRAP_STACK)
		vector = TRAP_PAGE;
	enter_trap(mc, vector, mc->err, mc->cr2);
}

__attribute__((used, no_stack_protector)) void process_signal(int signo,
							      const struct host_siginfo *si,
							      struct host_ucontext *uc)
{
	if (signo == HOST_SIGSYS)
		enter_syscall(si, &uc->mc);
	else if (signo == PROCESS_TICK_SIGNAL)
		on_tick(&uc->mc);
	else
		on_fault(signo, &uc->mc);
}

struct host_itimerspec {
	int64_t interval_s, interval_ns, value_s, value_ns;
};

void tick_set(bool on)
{
	struct host_itimerspec t = { 0 };

	if (on)
		t.interval_ns = t.value_ns = PROCESS_TICK_NS;
	pp.ticking = on;
	host_call(__NR_timer_settime, pp.timer, 0, (long)&t, 0, 0, 0);
}
