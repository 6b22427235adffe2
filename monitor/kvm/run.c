// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The vcpu's loop: KVM_RUN, then what it came out for. A guest that does what it must not ends with
// a message; nothing that it says is believed before it was checked.
#include <monitor/kvm/run.h>

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <monitor/clock.h>
#include <monitor/kvm/edit.h>
#include <monitor/kvm/tick.h>

#define CRASH_WORDS 5 /* vector, then error (if it has one), rip, cs, rflags */
#define SPIN_NS 100000
#define GO_ON 1       /* handlers give this, or what vm_run() gives */

static int crash(struct vm_run *r, struct failure *why)
{
	const struct kvm_regs *regs = &r->vm->run->s.regs.regs;
	uint64_t size, leaf = pt_lookup(&r->vm->pt, regs->rsp, &size);
	struct gpa at = { (leaf & PTE_ADDR & ~(size - 1)) + (regs->rsp & (size - 1)) };
	const uint64_t *w =
		leaf && !(regs->rsp & 7) ? gpa_pointer(&r->vm->ram, at, CRASH_WORDS * 8) : NULL;

	if (!w || regs->rip < r->vm->nucleus_va)
		return failure_set(why, -EFAULT, "the guest asked for its own crash at %#llx",
				   regs->rip);
	return failure_set(why, -EFAULT,
			   "the guest's nucleus (at %#lx) faulted: vector %lu, stack %#lx %#lx "
			   "%#lx %#lx, rdi %#llx",
			   r->vm->nucleus_va, w[0], w[1], w[2], w[3], w[4], regs->rdi);
}

static bool has_events(const struct vm_run *r)
{
	return __atomic_load_n(&r->area->events, __ATOMIC_ACQUIRE);
}

// Sleeping and being woken cost about as much as SPIN_NS: where the last wait was shorter than
// that, because somebody answers at once, this one looks for so long before it sleeps.
static bool came_soon(struct vm_run *r, uint64_t start, uint64_t ns)
{
	uint64_t most = ns < SPIN_NS ? ns : SPIN_NS;

	if (r->alone || r->last_wait_ns >= SPIN_NS)
		return false;
	while (clock_host_ns() - start < most) {
		if (r->dev->pump(r->dev->arg) || has_events(r))
			return true;
	}
	return false;
}

// A tick that comes meanwhile disarms itself, and is no reason to wake the guest: one that is idle
// costs nothing.
static void sleep_until(struct vm_run *r, uint64_t start, uint64_t ns)
{
	uint64_t slept = clock_host_ns() - start;

	while (slept < ns &&
	       r->dev->sleep(r->dev->arg, ns == UINT64_MAX ? ns : ns - slept) == -EINTR &&
	       tick_taken()) {
		tick_disarm();
		slept = clock_host_ns() - start;
	}
}

static long call_wait(struct vm_run *r)
{
	uint64_t ns = __atomic_load_n(&r->area->wait_ns, __ATOMIC_RELAXED), start;

	r->count[VM_WAIT]++;
	if (r->dev->pump(r->dev->arg) || !ns || has_events(r))
		return 0;
	start = clock_host_ns();
	if (!came_soon(r, start, ns)) {
		sleep_until(r, start, ns);
		r->dev->pump(r->dev->arg);
	}
	r->last_wait_ns = clock_host_ns() - start;
	return 0;
}

static long call_release(struct vm_run *r, struct gpa at, uint64_t len)
{
	void *host = gpa_pointer(&r->vm->usable, at, len);

	r->count[VM_RELEASE]++;
	if (!host || (at.at | len) & (PAGE_SIZE - 1))
		return -EINVAL;
	return madvise(host, len, MADV_DONTNEED) ? -errno : 0;
}

// What is mapped for writing will be written: taken at once, memory costs a third of what it costs
// page by page, and KVM, which looks at a page's neighbours too, saves most of its own faults.
// Where this is not possible the pages come one by one.
static void populate(struct vm_run *r, struct gpa at, uint64_t len)
{
	void *host = gpa_pointer(&r->vm->usable, at, len);

	if (host && !((at.at | len) & (PAGE_SIZE - 1)))
		(void)madvise(host, len, MADV_POPULATE_WRITE);
}

static long call_volume(struct vm_run *r)
{
	r->count[VM_VOLUME]++;
	if (!r->dev->volume)
		return -ENOSYS;
	r->dev->volume(r->dev->arg);
	return 0;
}

// Everything of a register that does not fit an unsigned is no protection either.
static unsigned prot_of(uint64_t reg)
{
	return reg > 0xff ? 0xff : (unsigned)reg;
}

static long call_edit(struct vm_run *r, uint32_t nr)
{
	const struct kvm_regs *regs = &r->vm->run->s.regs.regs;

	r->count[VM_MAP]++;
	if (!r->vm->slow_cpl0)
		return -ENOSYS;
	if (nr == HOST_MAP) {
		if (prot_of(regs->r10) & PT_WRITE)
			populate(r, (struct gpa){ regs->rsi }, regs->rdx);
		return edit_map(r->vm, regs->rdi, regs->rsi, regs->rdx, prot_of(regs->r10));
	}
	if (nr == HOST_UNMAP)
		return edit_unmap(r->vm, regs->rdi, regs->rsi);
	return edit_protect(r->vm, regs->rdi, regs->rsi, prot_of(regs->rdx));
}

static int call(struct vm_run *r, uint32_t nr, int *status, struct failure *why)
{
	struct kvm_run *run = r->vm->run;
	struct kvm_regs *regs = &run->s.regs.regs;
	long result;

	switch (nr) {
	case HOST_WAIT:
		result = call_wait(r);
		break;
	case HOST_RELEASE:
		result = call_release(r, (struct gpa){ regs->rdi }, regs->rsi);
		break;
	case HOST_MAP:
	case HOST_UNMAP:
	case HOST_PROTECT:
		result = call_edit(r, nr);
		break;
	case HOST_VOLUME:
		result = call_volume(r);
		break;
	case HOST_EXIT:
		*status = (int)(r->area->exit_status & 0xff);
		return 0;
	case HOST_CRASH:
		return crash(r, why);
	default:
		r->count[VM_OTHER]++;
		result = -ENOSYS;
	}
	regs->rax = (uint64_t)result;
	run->kvm_dirty_regs |= KVM_SYNC_X86_REGS;
	return GO_ON;
}

// Out of KVM_RUN for a signal: serve the devices; then the guest gets its tick, as an interrupt if
// it is in the program.
static int interrupted(struct vm_run *r, struct failure *why)
{
	struct kvm_run *run = r->vm->run;
	struct kvm_interrupt tick = { .irq = TRAP_TICK };
	uint64_t rip = run->s.regs.regs.rip;

	__atomic_store_n(&run->immediate_exit, 0, __ATOMIC_RELAXED);
	if (!tick_taken())
		return GO_ON;
	r->count[VM_TICK]++;
	r->dev->pump(r->dev->arg);
	r->dev->look(r->dev->arg);
	if (rip - r->vm->text_va < r->vm->text_len || rip > USER_HIGH || !run->if_flag ||
	    !run->ready_for_interrupt_injection)
		__atomic_fetch_or(&r->area->events, EVENT_TICK, __ATOMIC_RELEASE);
	else if (ioctl(r->vm->vcpu, KVM_INTERRUPT, &tick))
		return failure_errno(why, -errno, "/dev/kvm: KVM_INTERRUPT");
	return GO_ON;
}

// Where the monitor has pointed LSTAR at the library OS, `syscall` must not have given it
// privileges (cpu.c).
static int check_privilege(struct vm_run *r, struct failure *why)
{
	const struct kvm_sync_regs *s = &r->vm->run->s.regs;

	if (!r->vm->slow_cpl0 || s->sregs.cs.dpl == 3 || s->regs.rip >= r->vm->nucleus_va)
		return 0;
	return failure_set(
		why, -EFAULT,
		"this host's KVM is of an unknown kind: `syscall` goes to CPL %u; use --on process",
		s->sregs.cs.dpl);
}

static int came_out(struct vm_run *r, int *status, struct failure *why)
{
	struct kvm_run *run = r->vm->run;
	uint64_t rip = run->s.regs.regs.rip;

	switch (run->exit_reason) {
	case KVM_EXIT_IO:
		if (run->io.port == HOST_PORT && run->io.direction == KVM_EXIT_IO_OUT &&
		    run->io.size == 4 && run->io.count == 1)
			return check_privilege(r, why)
				       ? -EFAULT
				       : call(r,
					      *(uint32_t *)((uint8_t *)run + run->io.data_offset),
					      status, why);
		return failure_set(why, -EFAULT, "the guest used port %#x at %#lx", run->io.port,
				   rip);
	case KVM_EXIT_INTR:
	case KVM_EXIT_IRQ_WINDOW_OPEN:
		return interrupted(r, why);
	case KVM_EXIT_SHUTDOWN:
		return failure_set(why, -EFAULT,
				   "the guest's processor gave up (triple fault) at %#lx", rip);
	case KVM_EXIT_MMIO:
		return failure_set(why, -EFAULT,
				   "the guest used memory that it has not, %#llx, at %#lx",
				   run->mmio.phys_addr, rip);
	case KVM_EXIT_INTERNAL_ERROR:
		return failure_set(why, -EFAULT,
				   "KVM could not go on with the guest at %#lx (suberror %u)", rip,
				   run->internal.suberror);
	case KVM_EXIT_FAIL_ENTRY:
		return failure_set(why, -EFAULT, "KVM could not enter the guest (%#llx)",
				   run->fail_entry.hardware_entry_failure_reason);
	default:
		return failure_set(why, -EFAULT, "the guest left KVM for reason %u at %#lx",
				   run->exit_reason, rip);
	}
}

int vm_run(struct vm_run *r, int *status, struct failure *why)
{
	int err;

	for (;;) {
		*status = r->dev->killed(r->dev->arg);
		if (*status) {
			err = 0;
			break;
		}
		tick_arm();
		if (!ioctl(r->vm->vcpu, KVM_RUN, 0))
			err = came_out(r, status, why);
		else if (errno == EINTR || errno == EAGAIN)
			err = interrupted(r, why);
		else
			err = failure_errno(why, -errno, "/dev/kvm: KVM_RUN");
		if (err != GO_ON)
			break;
	}
	return err;
}
