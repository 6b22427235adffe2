// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The system calls that the monitor may make, each with its reason, and the filter that is made of
// them.
//
// The filter is classic BPF (Linux: Documentation/userspace-api/seccomp_filter.rst), written here
// because libseccomp takes 0.1 ms for it at every start. Of arguments the low halves are looked at:
// of those that decide here Linux takes no more.
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/kvm.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <monitor/sandbox_priv.h>

#define FILTER_MAX 256
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const int always[] = {
	SYS_read,  // standard input, signals, frames
	SYS_write, // standard output and error, frames, the exit status
	SYS_readv, // frames in parts
	SYS_writev,
	SYS_poll,	     // is there room on standard output?
	SYS_ppoll,	     // sleeps
	SYS_restart_syscall, // Linux itself makes it of a sleep that SIGSTOP interrupted
	SYS_rt_sigreturn,    // the end of the tick's handler
	SYS_rt_sigaction,    // ticks are over
	SYS_timer_settime,   // ticks on and off
	SYS_timer_delete,
	SYS_clock_gettime, // where the vDSO can not tell the time
	SYS_madvise,	   // memory that the guest has released
	SYS_brk,	   // malloc: answers of the control socket
	SYS_munmap,
	SYS_futex,   // malloc's and stdio's locks
	SYS_accept4, // the control socket
	SYS_sendto,  // its answer
	SYS_shutdown,
	SYS_close,
	SYS_fstat, // stdio, before its first message
	SYS_newfstatat,
	SYS_unlinkat,	// the instance's folder goes when the instance has ended (Landlock says
			// which)
	SYS_exit_group, // the end
};

static const int with_sockets[] = {
	SYS_socket,          // a connection of the guest
	SYS_connect,
	SYS_bind,
	SYS_listen,
	SYS_accept,          // a published port
	SYS_setsockopt,
	SYS_getsockopt,      // did connect() work?
	SYS_getsockname,
	SYS_getpeername,
	SYS_recvfrom,
	SYS_recvmsg,
	SYS_sendmsg,
	SYS_fcntl,           // O_NONBLOCK, FD_CLOEXEC
	SYS_openat,          // resolv.conf, again when it has changed (Landlock: nothing else)
	SYS_lseek,
	SYS_getrandom,       // libslirp's and libc's port numbers
	SYS_dup,
};

// All of them on descriptors of volumes or on names beneath these; Landlock says the same.
static const int with_volumes[] = {
	SYS_openat2,	// a name
	SYS_openat,	// a node's descriptor again, to read or to write
	SYS_statx,	// what it is
	SYS_pread64,
	SYS_pwrite64,
	SYS_pwritev2,	// O_APPEND, O_SYNC
	SYS_lseek,	// holes; directories
	SYS_getdents64,
	SYS_readlinkat,
	SYS_mkdirat,
	SYS_mknodat,	// a socket or a fifo: names that only the guest uses
	SYS_symlinkat,
	SYS_linkat,
	SYS_renameat2,
	SYS_ftruncate,
	SYS_fallocate,
	SYS_fchmod,
	SYS_utimensat,
	SYS_dup,	// a sync that comes later has a descriptor of its own
	SYS_fsync,
	SYS_fdatasync,
	SYS_syncfs,
	SYS_fstatfs,
};

static const uint32_t always_ioctl[] = {
	KVM_RUN,
	KVM_INTERRUPT, // ticks
	TIOCGWINSZ,    // the terminal's size has changed
	TIOCOUTQ,      // has QEMU read all of standard input?
};
static const uint32_t socket_ioctl[] = { FIONREAD, FIONBIO };
static const uint32_t edit_ioctl[] = { KVM_SET_USER_MEMORY_REGION }; // makes KVM look at the page
								     // tables again

struct filter {
	struct sock_filter code[FILTER_MAX];
	unsigned short len;
};

static void emit(struct filter *f, uint16_t code, uint32_t k, uint8_t if_true, uint8_t if_false)
{
	if (f->len < FILTER_MAX)
		f->code[f->len++] = (struct sock_filter){ code, if_true, if_false, k };
}

static void load(struct filter *f, size_t offset)
{
	emit(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void verdict(struct filter *f, uint32_t what)
{
	emit(f, BPF_RET | BPF_K, what, 0, 0);
}

static void allow_if(struct filter *f, uint32_t value)
{
	emit(f, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
	verdict(f, SECCOMP_RET_ALLOW);
}

static void allow_calls(struct filter *f, const int *calls, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		allow_if(f, (uint32_t)calls[i]);
}

// What follows, up to end_call(), is for one call whose argument is loaded; what it does not allow
// it forbids.
static unsigned begin_call(struct filter *f, int call, unsigned argument)
{
	unsigned at = f->len;

	emit(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 0);
	load(f, offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t));
	return at;
}

static void end_call(struct filter *f, unsigned begin)
{
	verdict(f, SECCOMP_RET_KILL_PROCESS);
	f->code[begin].jf = (uint8_t)(f->len - begin - 1);
}

static void allow_values(struct filter *f, const uint32_t *values, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		allow_if(f, values[i]);
}

static void allow_without_exec(struct filter *f, int call)
{
	unsigned begin = begin_call(f, call, 2);

	emit(f, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0);
	verdict(f, SECCOMP_RET_ALLOW);
	end_call(f, begin);
}

static void fill_filter(struct filter *f, const struct sandbox *s)
{
	unsigned begin;

	load(f, offsetof(struct seccomp_data, arch));
	emit(f, BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
	verdict(f, SECCOMP_RET_KILL_PROCESS);
	load(f, offsetof(struct seccomp_data, nr));
	begin = begin_call(f, SYS_ioctl, 1);
	allow_values(f, always_ioctl, COUNT(always_ioctl));
	if (s->sockets)
		allow_values(f, socket_ioctl, COUNT(socket_ioctl));
	if (s->edits)
		allow_values(f, edit_ioctl, COUNT(edit_ioctl));
	end_call(f, begin);
	allow_calls(f, always, COUNT(always));
	allow_without_exec(f, SYS_mmap); // malloc
	if (s->edits)
		allow_without_exec(f, SYS_mprotect); // makes KVM look at the page tables again:
						     // monitor/kvm/edit.c
	if (s->sockets)
		allow_calls(f, with_sockets, COUNT(with_sockets));
	if (s->volumes && s->volumes->count)
		allow_calls(f, with_volumes, COUNT(with_volumes));
	if (s->child) {
		allow_if(f, SYS_wait4); // how it has ended
		begin = begin_call(f, SYS_kill, 0);
		allow_if(f, (uint32_t)s->child);
		end_call(f, begin);
	}
	verdict(f, SECCOMP_RET_KILL_PROCESS);
}

int sandbox_restrict_calls(const struct sandbox *s)
{
	struct filter f = { .len = 0 };
	struct sock_fprog p;
	long r;

	fill_filter(&f, s);
	if (f.len == FILTER_MAX)
		return -E2BIG;
	p = (struct sock_fprog){ f.len, f.code };
	r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    s->threads ? SECCOMP_FILTER_FLAG_TSYNC : 0, &p);
	return r > 0 ? -EBUSY : r ? -errno : 0; // > 0: a thread that could not be reached
}
