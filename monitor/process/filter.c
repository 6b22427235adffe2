// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The child's seccomp filter, as a classic BPF program. What it says:
//
//	not x86-64 (int $0x80), or not from the gate
//		-> TRAP: the program's own call, the library OS serves it
//	from the gate's rt_sigreturn
//		-> only rt_sigreturn
//	from the gate
//		-> the calls of the table below with these arguments, else KILL
//
// The program runs at the same privilege as the library OS and can jump into the gate; so the
// rules, not the caller, are the sandbox: memory of the instance, its streams, its sleep and its
// end are all that can be reached.
#include <errno.h>
#include <linux/audit.h>
#include <linux/falloc.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <monitor/process/half.h>

#define KILL SECCOMP_RET_KILL_PROCESS
#define ALLOW SECCOMP_RET_ALLOW

static void emit(struct half *h, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
	h->filter[h->filter_len++] =
		(struct sock_filter){ .code = code, .jt = yes, .jf = no, .k = k };
}

static void load(struct half *h, size_t offset)
{
	emit(h, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void give(struct half *h, uint32_t verdict)
{
	emit(h, BPF_RET | BPF_K, verdict, 0, 0);
}

static void load_arg(struct half *h, unsigned n)
{
	load(h, offsetof(struct seccomp_data, args) + 8 * n);
}

// The next `skip` instructions run only if A == k.
static void if_equal(struct half *h, uint32_t k, uint8_t skip)
{
	emit(h, BPF_JMP | BPF_JEQ | BPF_K, k, 0, skip);
}

// KILL unless A == k.
static void must_equal(struct half *h, uint32_t k)
{
	emit(h, BPF_JMP | BPF_JEQ | BPF_K, k, 1, 0);
	give(h, KILL);
}

// KILL if A has any of these bits.
static void must_not_have(struct half *h, uint32_t bits)
{
	emit(h, BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
	give(h, KILL);
}

// KILL unless A is one of the file descriptors in the set (bit n: descriptor n).
static void must_be_fd(struct half *h, uint32_t set)
{
	for (uint32_t fd = 0; fd < PROCESS_FDS; fd++) {
		if (!(set & 1u << fd))
			continue;
		if_equal(h, fd, 1);
		give(h, ALLOW);
	}
	give(h, KILL);
}

// A rule: `body` and its verdict run only for call nr, which is in A. Its length is known when it
// has been written.
static void rule(struct half *h, uint32_t nr, void (*body)(struct half *h))
{
	unsigned at = h->filter_len;

	if_equal(h, nr, 0);
	body(h);
	h->filter[at].jf = (uint8_t)(h->filter_len - at - 1);
}

static void allow(struct half *h)
{
	give(h, ALLOW);
}

// Protections: nothing but the three bits; never write and execute together, unless the image says
// that it needs it (a JIT).
static void check_prot(struct half *h)
{
	load_arg(h, 2);
	must_not_have(h, ~(uint32_t)(PROT_READ | PROT_WRITE | PROT_EXEC));
	if (h->m->image.header.flags & IMAGE_F_WX)
		return;
	emit(h, BPF_ALU | BPF_AND | BPF_K, PROT_WRITE | PROT_EXEC, 0, 0);
	emit(h, BPF_JMP | BPF_JEQ | BPF_K, PROT_WRITE | PROT_EXEC, 0, 1);
	give(h, KILL);
}

// RAM shared; the image private and not writable. Nothing anonymous: memory is RAM, and --memory
// limits it.
static void mmap_body(struct half *h)
{
	check_prot(h);
	load_arg(h, 3);
	if_equal(h, MAP_FIXED | MAP_SHARED, 4);
	load_arg(h, 4);
	must_equal(h, PROCESS_FD_RAM);
	give(h, ALLOW);
	must_equal(h, MAP_FIXED | MAP_PRIVATE);
	load_arg(h, 4);
	must_equal(h, PROCESS_FD_IMAGE);
	load_arg(h, 2);
	must_not_have(h, PROT_WRITE);
	give(h, ALLOW);
}

static void mprotect_body(struct half *h)
{
	check_prot(h);
	give(h, ALLOW);
}

static void read_body(struct half *h)
{
	load_arg(h, 0);
	must_be_fd(h, 1u << STDIN_FILENO | 1u << PROCESS_FD_KICK |
			      (h->tap_fd >= 0 ? 1u << PROCESS_FD_TAP : 0));
}

static void write_body(struct half *h)
{
	load_arg(h, 0);
	must_be_fd(h, 1u << STDOUT_FILENO | 1u << STDERR_FILENO | 1u << PROCESS_FD_PARENT |
		   (h->tap_fd >= 0 ? 1u << PROCESS_FD_TAP : 0));
}

static void fallocate_body(struct half *h)
{
	load_arg(h, 0);
	must_equal(h, PROCESS_FD_RAM);
	load_arg(h, 1);
	must_equal(h, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE);
	give(h, ALLOW);
}

static const struct {
	uint32_t nr;
	void (*body)(struct half *h);
} table[] = {
	{ SYS_ppoll, allow },	   // sleeps, until a descriptor is ready or for a time
	{ SYS_read, read_body },   // standard input, frames, wake-ups
	{ SYS_write, write_body }, // standard output and error, frames, wake-ups of the parent
	{ SYS_readv, read_body },  // frames in parts
	{ SYS_writev, write_body },
	{ SYS_mmap, mmap_body }, // pages of RAM and image
	{ SYS_munmap, allow },	 // and away with them
	{ SYS_mprotect, mprotect_body },
	{ SYS_timer_settime, allow },	   // the tick: stopped while asleep
	{ SYS_clock_gettime, allow },	   // the clock is compared with the host's
	{ SYS_fallocate, fallocate_body }, // freed RAM goes back to the host
	{ SYS_restart_syscall, allow }, // Linux itself makes it of a ppoll that SIGSTOP interrupted
	{ SYS_exit_group, allow },	// the end
};

// Runs the next `skip` instructions only if the instruction pointer is va.
static void if_from(struct half *h, uint64_t va, uint8_t skip)
{
	load(h, offsetof(struct seccomp_data, instruction_pointer));
	if_equal(h, (uint32_t)va, (uint8_t)(skip + 2));
	load(h, offsetof(struct seccomp_data, instruction_pointer) + 4);
	if_equal(h, (uint32_t)(va >> 32), skip);
}

void filter_build(struct half *h)
{
	h->filter_len = 0;
	load(h, offsetof(struct seccomp_data, arch));
	if_equal(h, AUDIT_ARCH_X86_64, 13);
	if_from(h, h->gate_va + h->gate.sigreturn_end, 4);
	load(h, offsetof(struct seccomp_data, nr));
	must_equal(h, SYS_rt_sigreturn); // the end of every signal handler
	give(h, ALLOW);
	if_from(h, h->gate_va + h->gate.call_end, 1);
	emit(h, BPF_JMP | BPF_JA, 1, 0, 0);
	give(h, SECCOMP_RET_TRAP);
	load(h, offsetof(struct seccomp_data, nr));
	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		rule(h, table[i].nr, table[i].body);
	give(h, KILL);
}
