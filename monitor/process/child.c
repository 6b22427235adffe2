// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The child between fork and the image: it puts the instance's memory, descriptors, handlers, timer
// and filter in place, in this order, and jumps. Nothing of pith runs in it afterwards; the image's
// first act is to unmap what is left of it (platform/process/platform.c). What goes wrong here is
// told to the parent through the shared page.
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <monitor/clock.h>
#include <monitor/process/half.h>

#define HOST_SA_RESTORER 0x04000000 // Linux: arch/x86/include/uapi/asm/signal.h
#define SYS_MSEAL 462               // Linux 6.10
#define RSEQ_LEN 32                 // what glibc registers
#define ASIDE 64 // descriptors are moved above this before they get their numbers

static const int fault_signals[] = {
	SIGSYS, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, PROCESS_TICK_SIGNAL
};

static void give_up(struct half *h, const char *what) __attribute__((noreturn));
static void give_up(struct half *h, const char *what)
{
	h->page->failure_errno = errno;
	snprintf(h->page->failure, sizeof(h->page->failure), "the process platform: %s: %s", what,
		 strerror(errno));
	_exit(125);
}

// Everything but the streams goes to its fixed number; nothing else stays open.
static void arrange_fds(struct half *h)
{
	const int from[] = { h->ram_fd, h->m->image.fd, h->kick_fd, h->parent_fd, h->tap_fd };
	unsigned count = h->tap_fd >= 0 ? 5 : 4;
	int aside[5];

	for (unsigned i = 0; i < count; i++) {
		aside[i] = fcntl(from[i], F_DUPFD, ASIDE);
		if (aside[i] < 0)
			give_up(h, "file descriptors");
	}
	for (unsigned i = 0; i < count; i++) {
		if (dup2(aside[i], PROCESS_FD_RAM + (int)i) < 0)
			give_up(h, "file descriptors");
	}
	if (close_range(PROCESS_FD_RAM + count, ~0u, 0))
		give_up(h, "closing file descriptors");
}

static void map_instance(struct half *h)
{
	const struct loaded *l = &h->m->loaded;

	for (unsigned i = 0; i < l->maps; i++) {
		const struct load_map *map = &l->map[i];
		bool image = map->pa >= l->image_pa;
		void *at = mmap((void *)map->va, map->len, (int)map->prot,
				MAP_FIXED_NOREPLACE | (image ? MAP_PRIVATE : MAP_SHARED),
				image ? PROCESS_FD_IMAGE : PROCESS_FD_RAM,
				(off_t)(map->pa - (image ? l->image_pa : l->boot->ram_pa)));

		if (at != (void *)map->va)
			give_up(h, "mapping the instance");
		// The library OS's code can then not even be unmapped. Older kernels cannot do
		// that.
		if (map->prot & LOAD_X)
			syscall(SYS_MSEAL, map->va, map->len, 0);
	}
}

static void map_own(struct half *h)
{
	uint64_t stack = h->m->loaded.own_va, page = stack + PROCESS_ALTSTACK;
	stack_t alt = { .ss_sp = (void *)stack, .ss_size = PROCESS_ALTSTACK };

	if (mmap((void *)stack, PROCESS_ALTSTACK, PROT_READ | PROT_WRITE,
		 MAP_FIXED_NOREPLACE | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != (void *)stack)
		give_up(h, "the signal stack");
	if (mremap(h->page, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, page) != (void *)page)
		give_up(h, "the shared page");
	h->page = (void *)page;
	if (sigaltstack(&alt, NULL))
		give_up(h, "the signal stack");
}

// By the system call itself: the restorer must be the gate's, not libc's.
static void set_handlers(struct half *h)
{
	const struct {
		uint64_t handler, flags, restorer, mask;
	} act = {
		.handler = h->gate_va + h->gate.handler,
		.flags = SA_SIGINFO | SA_ONSTACK | HOST_SA_RESTORER,
		.restorer = h->gate_va + h->gate.restorer,
		.mask = ~0ull,
	};
	uint64_t blocked = ~0ull & ~(1ull << (SIGTSTP - 1) | 1ull << (SIGCONT - 1));

	for (unsigned i = 0; i < sizeof(fault_signals) / sizeof(fault_signals[0]); i++) {
		if (syscall(SYS_rt_sigaction, fault_signals[i], &act, NULL, 8))
			give_up(h, "signal handlers");
		blocked &= ~(1ull << (fault_signals[i] - 1));
	}
	if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, NULL, 8))
		give_up(h, "signal mask");
}

static int make_timer(struct half *h)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = PROCESS_TICK_SIGNAL };
	int id = -1;

	if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &ev, &id))
		give_up(h, "a timer");
	return id;
}

// libc told the kernel of memory that will be unmapped: take that back. (The kernel kills who has a
// bad rseq area.)
static void forget_libc(void)
{
	if (__rseq_size)
		syscall(SYS_rseq, (char *)__builtin_thread_pointer() + __rseq_offset, RSEQ_LEN,
			RSEQ_FLAG_UNREGISTER, RSEQ_SIG);
	syscall(SYS_set_robust_list, NULL, 24);
	syscall(SYS_set_tid_address, NULL);
}

static void enter(const struct loaded *l) __attribute__((noreturn));
static void enter(const struct loaded *l)
{
	__asm__ volatile("mov %[stack], %%rsp\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "cld\n\t"
			 "jmp *%[entry]"
			 :
			 : [stack] "r"(l->stack_top), [entry] "r"(l->entry), "D"(l->boot_va)
			 : "memory");
	__builtin_unreachable();
}

void child_main(struct half *h)
{
	struct loaded *l = &h->m->loaded;
	struct sock_fprog filter = { .len = (unsigned short)h->filter_len, .filter = h->filter };
	struct rlimit none = { 0, 0 };
	uint64_t *data = l->boot->platform_data;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != h->parent)
		_exit(125); // it ended before this could take notice
	setrlimit(RLIMIT_CORE, &none);
	arrange_fds(h);
	map_instance(h);
	map_own(h);
	set_handlers(h);
	data[PROCESS_DATA_PAGE] = (uint64_t)h->page;
	data[PROCESS_DATA_LOW] = l->low;
	data[PROCESS_DATA_HIGH] = l->high;
	data[PROCESS_DATA_TIMER] = (uint64_t)make_timer(h);
	data[PROCESS_DATA_TAP] = h->tap_fd >= 0;
	data[PROCESS_DATA_VDSO] = getauxval(AT_SYSINFO_EHDR);
	forget_libc();
	clock_fill(&l->area->clock);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter))
		give_up(h, "the seccomp filter");
	enter(l);
}
