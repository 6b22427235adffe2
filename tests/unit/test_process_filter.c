// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The seccomp filter of the process platform, run by a small interpreter of classic BPF: what it
// says to each call, from the gate and from elsewhere. And once for real: a child that makes a
// forbidden call from the gate is ended by the kernel.
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <monitor/process/half.h>

#define GATE 0x200000001000ull
#define CALL (GATE + 0x40)
#define SIGRETURN (GATE + 0x50)
#define ELSEWHERE 0x401000ull
#define KILL SECCOMP_RET_KILL_PROCESS
#define TRAP SECCOMP_RET_TRAP
#define ALLOW SECCOMP_RET_ALLOW

static struct half half;
static struct monitor monitor;

static void build(uint32_t flags, int tap_fd)
{
	memset(&half, 0, sizeof(half));
	half.m = &monitor;
	half.tap_fd = tap_fd;
	half.gate_va = GATE;
	half.gate.call_end = 0x40;
	half.gate.sigreturn_end = 0x50;
	monitor.image.header.flags = flags;
	filter_build(&half);
	assert_true(half.filter_len < FILTER_MAX);
}

static int set_up(void **state)
{
	build(IMAGE_F_PROCESS, -1);
	return 0;
}

// Linux: Documentation/networking/filter.rst. Every jump goes forward, so it ends.
static uint32_t run(const struct seccomp_data *d)
{
	uint32_t a = 0;

	for (unsigned pc = 0; pc < half.filter_len; pc++) {
		const struct sock_filter *i = &half.filter[pc];

		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS: memcpy(&a, (const char *)d + i->k, sizeof(a)); break;
		case BPF_ALU | BPF_AND | BPF_K: a &= i->k; break;
		case BPF_JMP | BPF_JA: pc += i->k; break;
		case BPF_JMP | BPF_JEQ | BPF_K: pc += a == i->k ? i->jt : i->jf; break;
		case BPF_JMP | BPF_JSET | BPF_K: pc += a & i->k ? i->jt : i->jf; break;
		case BPF_RET | BPF_K: return i->k;
		default: fail_msg("instruction %#x", i->code);
		}
	}
	fail_msg("the filter has no end");
	return 0;
}

static uint32_t ask(uint64_t ip, int nr, const uint64_t args[6])
{
	struct seccomp_data d = { .nr = nr, .arch = AUDIT_ARCH_X86_64, .instruction_pointer = ip };

	memcpy(d.args, args, sizeof(d.args));
	return run(&d);
}

#define FROM_GATE(nr, ...) ask(CALL, nr, (const uint64_t[6]){ __VA_ARGS__ })

static void the_programs_calls_trap(void **state)
{
	const uint64_t none[6] = { 0 };

	for (int nr = -1; nr < 600; nr++) {
		assert_int_equal(ask(ELSEWHERE, nr, none), TRAP);
		assert_int_equal(ask(CALL - 1, nr, none), TRAP);
		assert_int_equal(ask(CALL + 1, nr, none), TRAP);
		assert_int_equal(ask(CALL + (1ull << 32), nr, none), TRAP);
		assert_int_equal(ask(SIGRETURN & 0xffffffff, nr, none), TRAP);
	}
}

static void other_kinds_of_calls_trap(void **state)
{
	struct seccomp_data d = { .nr = SYS_read,
				  .arch = AUDIT_ARCH_I386,
				  .instruction_pointer = CALL };

	assert_int_equal(run(&d), TRAP);
	d.arch = AUDIT_ARCH_X86_64;
	d.nr |= 0x40000000; // x32
	assert_int_equal(run(&d), KILL);
}

// Without arguments: what is allowed at all, and nothing else of all numbers.
static void the_gates_calls_are_few(void **state)
{
	const int allowed[] = { SYS_ppoll,	   SYS_read,
				SYS_readv,	   SYS_munmap,
				SYS_mprotect,	   SYS_timer_settime,
				SYS_clock_gettime, SYS_restart_syscall,
				SYS_exit_group };
	unsigned found = 0;

	for (int nr = -1; nr < 600; nr++) {
		bool want = false;

		for (unsigned i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
			want |= nr == allowed[i];
		found += want;
		assert_int_equal(FROM_GATE(nr, 0), want ? ALLOW : KILL);
	}
	assert_int_equal(found, sizeof(allowed) / sizeof(allowed[0]));
}

static void sigreturn_has_its_own_place(void **state)
{
	const uint64_t none[6] = { 0 };

	assert_int_equal(ask(SIGRETURN, SYS_rt_sigreturn, none), ALLOW);
	assert_int_equal(ask(CALL, SYS_rt_sigreturn, none), KILL);
	assert_int_equal(ask(SIGRETURN, SYS_exit_group, none), KILL);
	assert_int_equal(ask(SIGRETURN, SYS_execve, none), KILL);
}

static void ram_and_image_may_be_mapped(void **state)
{
	const uint64_t ram = MAP_FIXED | MAP_SHARED, image = MAP_FIXED | MAP_PRIVATE;

	for (uint64_t prot = 0; prot < 16; prot++) {
		bool wx = (prot & 6) == 6, odd = prot > 7;

		assert_int_equal(FROM_GATE(SYS_mmap, 0x10000, 4096, prot, ram, PROCESS_FD_RAM),
				 wx || odd ? KILL : ALLOW);
		assert_int_equal(FROM_GATE(SYS_mmap, 0x10000, 4096, prot, image, PROCESS_FD_IMAGE),
				 odd || (prot & PROT_WRITE) ? KILL : ALLOW);
	}
}

static void nothing_else_may_be_mapped(void **state)
{
	const uint64_t flags[] = { MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				   MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED,
				   MAP_SHARED,
				   MAP_PRIVATE,
				   MAP_FIXED | MAP_SHARED | MAP_ANONYMOUS,
				   MAP_FIXED | MAP_PRIVATE | MAP_GROWSDOWN,
				   0 };

	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		for (uint64_t fd = 0; fd < 10; fd++)
			assert_int_equal(
				FROM_GATE(SYS_mmap, 0x10000, 4096, PROT_READ, flags[i], fd), KILL);
	}
	assert_int_equal(
		FROM_GATE(SYS_mmap, 0, 4096, PROT_READ, MAP_FIXED | MAP_SHARED, PROCESS_FD_IMAGE),
		KILL);
	assert_int_equal(
		FROM_GATE(SYS_mmap, 0, 4096, PROT_READ, MAP_FIXED | MAP_PRIVATE, PROCESS_FD_RAM),
		KILL);
	assert_int_equal(
		FROM_GATE(SYS_mmap, 0, 4096, PROT_READ, MAP_FIXED | MAP_SHARED, (uint32_t)-1),
		KILL);
}

static void write_and_execute_only_for_images_that_say_so(void **state)
{
	const uint64_t wx = PROT_WRITE | PROT_EXEC;

	assert_int_equal(FROM_GATE(SYS_mprotect, 0x10000, 4096, wx), KILL);
	assert_int_equal(FROM_GATE(SYS_mprotect, 0x10000, 4096, wx | PROT_READ), KILL);
	assert_int_equal(FROM_GATE(SYS_mprotect, 0x10000, 4096, PROT_READ | PROT_EXEC), ALLOW);
	assert_int_equal(FROM_GATE(SYS_mprotect, 0x10000, 4096, PROT_GROWSDOWN | PROT_READ), KILL);
	build(IMAGE_F_PROCESS | IMAGE_F_WX, -1);
	assert_int_equal(FROM_GATE(SYS_mprotect, 0x10000, 4096, wx), ALLOW);
	assert_int_equal(FROM_GATE(SYS_mprotect, 0x10000, 4096, 8), KILL);
	assert_int_equal(
		FROM_GATE(SYS_mmap, 0x10000, 4096, wx, MAP_FIXED | MAP_SHARED, PROCESS_FD_RAM),
		ALLOW);
}

static void descriptors(void **state)
{
	for (int tap = -1; tap < 20; tap += 20) {
		build(IMAGE_F_PROCESS, tap);
		for (uint64_t fd = 0; fd < 100; fd++) {
			bool own = tap >= 0 && fd == PROCESS_FD_TAP;
			bool r = fd == 0 || fd == PROCESS_FD_KICK || own,
			     w = fd == 1 || fd == 2 || fd == PROCESS_FD_PARENT || own;

			assert_int_equal(FROM_GATE(SYS_read, fd), r ? ALLOW : KILL);
			assert_int_equal(FROM_GATE(SYS_readv, fd), r ? ALLOW : KILL);
			assert_int_equal(FROM_GATE(SYS_write, fd), w ? ALLOW : KILL);
			assert_int_equal(FROM_GATE(SYS_writev, fd), w ? ALLOW : KILL);
		}
	}
}

static void only_holes_in_ram(void **state)
{
	assert_int_equal(FROM_GATE(SYS_fallocate, PROCESS_FD_RAM, 3, 0, 4096), ALLOW);
	assert_int_equal(FROM_GATE(SYS_fallocate, PROCESS_FD_RAM, 0, 0, 4096), KILL);
	assert_int_equal(FROM_GATE(SYS_fallocate, PROCESS_FD_RAM, 1, 0, 4096), KILL);
	assert_int_equal(FROM_GATE(SYS_fallocate, PROCESS_FD_IMAGE, 3, 0, 4096), KILL);
	assert_int_equal(FROM_GATE(SYS_fallocate, 1, 3, 0, 4096), KILL);
}

// A gate of our own: mov %rdi, %rax; syscall; ret.
static long (*make_gate(void))(long nr)
{
	static const uint8_t code[] = { 0x48, 0x89, 0xf8, 0x0f, 0x05, 0xc3 };
	uint8_t *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(at, MAP_FAILED);
	memcpy(at, code, sizeof(code));
	assert_int_equal(mprotect(at, 4096, PROT_READ | PROT_EXEC), 0);
	half.gate_va = (uint64_t)at;
	half.gate.call_end = 5;
	half.gate.sigreturn_end = 100;
	filter_build(&half);
	return (long (*)(long))(uintptr_t)at;
}

static int end_of_child(long nr)
{
	long (*gate)(long) = make_gate();
	struct sock_fprog prog = { .len = (unsigned short)half.filter_len, .filter = half.filter };
	pid_t child = fork();
	int status;

	if (!child) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog);
		gate(nr);
		for (;;)
			gate(SYS_exit_group);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	munmap((void *)half.gate_va, 4096);
	return status;
}

static void the_kernel_ends_who_breaks_the_rules(void **state)
{
	int status = end_of_child(SYS_getpid);

	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	status = end_of_child(SYS_execve);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	status = end_of_child(SYS_clock_gettime);
	assert_true(WIFEXITED(status));
}

#define T(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_programs_calls_trap),
		T(other_kinds_of_calls_trap),
		T(the_gates_calls_are_few),
		T(sigreturn_has_its_own_place),
		T(ram_and_image_may_be_mapped),
		T(nothing_else_may_be_mapped),
		T(write_and_execute_only_for_images_that_say_so),
		T(descriptors),
		T(only_holes_in_ram),
		T(the_kernel_ends_who_breaks_the_rules),
	};

	return cmocka_run_group_tests_name("process filter", tests, NULL, NULL);
}
