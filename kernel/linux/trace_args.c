// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Arguments of system calls in strace's format: a string for each call, a letter for each argument.
// Letters that are not here are kinds of values and flags of trace_names.c.
//
//   s path or string          f descriptor            @ directory's descriptor
//   z size or number          x address               . number, small ones in decimal
//   0 hexadecimal
//   o mode in octal           W data, as long as the next argument says
//   B data, as much as the call gave                  V, J iovecs to write, to read; count next
//   A address, length next    R address that the call gave, pointer to its length next
//   L what stat gave          t time                  P pollfds, count next
//   E epoll event             Q epoll events that the call gave
//   q two descriptors         G signals               g action of a signal
//   S signal                  a flags of a socket     ! option of the level before it
//
// What the call fills in is shown when it has come back without an error; else its address.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <fs/abi.h>
#include <linux/dispatch.h>
#include <linux/process.h>
#include <linux/signal.h>
#include <linux/trace_args.h>
#include <net/abi.h>

#define STRING_SHOWN 32 /* as strace */
#define PATH_SHOWN 200
#define ITEMS_SHOWN 4

// Name, NUL, letters, NUL.
static const char calls[] =
	"read\0fBz\0" "write\0fWz\0" "open\0sOo\0" "close\0f\0" "stat\0sL\0" "fstat\0fL\0" "lstat\0sL\0"
	"newfstatat\0@sLD\0" "poll\0Pz.\0" "ppoll\0PztGz\0" "lseek\0f.w\0" "mmap\0xzMmf0\0"
	"mprotect\0xzM\0" "munmap\0xz\0" "brk\0x\0" "rt_sigaction\0Sgxz\0" "rt_sigprocmask\0HGxz\0"
	"rt_sigreturn\0\0" "ioctl\0fix\0" "pread64\0fBz.\0" "pwrite64\0fWz.\0" "readv\0fJz\0"
	"writev\0fVz\0" "preadv\0fJz.\0" "pwritev\0fVz.\0" "access\0sb\0" "faccessat\0@sb\0"
	"faccessat2\0@sbD\0" "pipe\0q\0" "pipe2\0qC\0" "select\0zxxxx\0" "pselect6\0zxxxtx\0"
	"sched_yield\0\0" "mremap\0xzz.x\0" "msync\0xz.\0" "mincore\0xzx\0" "madvise\0xzd\0" "dup\0f\0"
	"dup2\0ff\0" "dup3\0ffC\0" "pause\0\0" "nanosleep\0tx\0" "clock_nanosleep\0k.tx\0" "alarm\0z\0"
	"getpid\0\0" "gettid\0\0" "getppid\0\0" "getuid\0\0" "geteuid\0\0" "getgid\0\0" "getegid\0\0"
	"sendfile\0ffxz\0" "socket\0FY.\0" "socketpair\0FY.q\0" "connect\0fAz\0" "accept\0fRx\0"
	"accept4\0fRxa\0" "sendto\0fWzNAz\0" "recvfrom\0fBzNRx\0" "sendmsg\0fxN\0" "recvmsg\0fxN\0"
	"sendmmsg\0fxzN\0" "recvmmsg\0fxzNt\0" "shutdown\0fh\0" "bind\0fAz\0" "listen\0fz\0"
	"getsockname\0fRx\0" "getpeername\0fRx\0" "setsockopt\0fl!xz\0" "getsockopt\0fl!xx\0"
	"clone\0Kxxxx\0" "clone3\0xz\0" "fork\0\0" "vfork\0\0" "execve\0sxx\0" "exit\0.\0"
	"exit_group\0.\0" "wait4\0.x.x\0" "kill\0.S\0" "tgkill\0..S\0" "tkill\0.S\0" "uname\0x\0"
	"fcntl\0fc.\0" "flock\0f.\0" "fsync\0f\0" "fdatasync\0f\0" "truncate\0sz\0" "ftruncate\0fz\0"
	"getdents64\0fxz\0" "getcwd\0sz\0" "chdir\0s\0" "fchdir\0f\0" "rename\0ss\0" "renameat\0@s@s\0"
	"renameat2\0@s@s.\0" "mkdir\0so\0" "mkdirat\0@so\0" "rmdir\0s\0" "creat\0so\0" "link\0ss\0"
	"linkat\0@s@sD\0" "unlink\0s\0" "unlinkat\0@sD\0" "symlink\0ss\0" "symlinkat\0s@s\0"
	"readlink\0sBz\0" "readlinkat\0@sBz\0" "chmod\0so\0" "fchmod\0fo\0" "fchmodat\0@so\0"
	"chown\0s..\0" "fchown\0f..\0" "lchown\0s..\0" "fchownat\0@s..D\0" "umask\0o\0"
	"gettimeofday\0xx\0" "getrlimit\0rx\0" "setrlimit\0rx\0" "prlimit64\0.rxx\0" "getrusage\0nx\0"
	"sysinfo\0x\0" "times\0x\0" "setuid\0.\0" "setgid\0.\0" "setsid\0\0" "setpgid\0..\0"
	"getpgrp\0\0" "setgroups\0zx\0" "getgroups\0zx\0" "setresuid\0...\0" "setresgid\0...\0"
	"sigaltstack\0xx\0" "rt_sigpending\0xz\0" "rt_sigtimedwait\0Gxtz\0" "rt_sigsuspend\0Gz\0"
	"statfs\0sx\0" "fstatfs\0fx\0" "getpriority\0..\0" "setpriority\0...\0" "sched_setaffinity\0.zx\0"
	"sched_getaffinity\0.zx\0" "prctl\0jxxxx\0" "arch_prctl\0Ix\0" "chroot\0s\0" "sync\0\0"
	"futex\0xUztxx\0" "getrandom\0xz.\0" "set_tid_address\0x\0" "set_robust_list\0xz\0" "rseq\0xz.x\0"
	"epoll_create\0z\0" "epoll_create1\0C\0" "epoll_ctl\0fefE\0" "epoll_wait\0fQz.\0"
	"epoll_pwait\0fQz.Gz\0" "epoll_pwait2\0fQztGz\0" "eventfd2\0zC\0" "timerfd_create\0kC\0"
	"timerfd_settime\0f.xx\0" "signalfd4\0fGzC\0" "inotify_init1\0C\0" "inotify_add_watch\0fsx\0"
	"inotify_rm_watch\0f.\0" "clock_gettime\0kx\0" "clock_getres\0kx\0" "openat\0@sOo\0"
	"utimensat\0@sxD\0" "fallocate\0f.zz\0" "statx\0@sDxx\0" "memfd_create\0s.\0"
	"copy_file_range\0fxfxz.\0" "splice\0fxfxz.\0" "close_range\0ff.\0" "fadvise64\0fzz.\0"
	"membarrier\0...\0" "setitimer\0.xx\0" "timer_create\0kxx\0" "capget\0xx\0" "capset\0xx\0"
	"personality\0x\0" "mkdirat\0@so\0" "mknodat\0@so.\0" "shmget\0xzx\0" "shmat\0.xx\0";

struct out {
	char *buf;
	size_t len, size;
};

static __attribute__((format(printf, 2, 3))) void put(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (o->len + 1 >= o->size)
		return;
	va_start(ap, fmt);
	n = kvsnprintf(o->buf + o->len, o->size - o->len, fmt, ap);
	va_end(ap);
	o->len = MIN(o->len + (size_t)MAX(n, 0), o->size - 1);
}

static void put_pointer(struct out *o, uint64_t v)
{
	if (v)
		put(o, "0x%lx", v);
	else
		put(o, "NULL");
}

static void put_number(struct out *o, uint64_t v)
{
	int64_t n = (int64_t)v;

	if (n >> 32 == 0 && (int32_t)n < 0)
		n = (int32_t)n;
	if (n > -4096 && n < 1 << 24)
		put(o, "%ld", n);
	else
		put(o, "0x%lx", v);
}

// With as many digits as it needs, at least `least`.
static void put_octal(struct out *o, uint32_t v, unsigned least)
{
	unsigned digits = 1;

	while (digits < 11 && (digits < least || v >> 3 * digits))
		digits++;
	while (digits--)
		put(o, "%u", v >> 3 * digits & 7);
}

static void put_quoted(struct out *o, const uint8_t *p, size_t n)
{
	put(o, "\"");
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '"' || p[i] == '\\') {
			put(o, "\\%c", p[i]);
		} else if (p[i] == '\n' || p[i] == '\t' || p[i] == '\r') {
			put(o, "\\%c", p[i] == '\n' ? 'n' : p[i] == '\t' ? 't' : 'r');
		} else if (p[i] >= ' ' && p[i] < 127) {
			put(o, "%c", p[i]);
		} else {
			put(o, "\\");
			put_octal(o, p[i], i + 1 < n && p[i + 1] >= '0' && p[i + 1] <= '9' ? 3 : 1);
		}
	}
	put(o, "\"");
}

static void put_data(struct out *o, uint64_t at, size_t n)
{
	uint8_t data[STRING_SHOWN];
	size_t shown = MIN(n, sizeof(data));

	if (!at || copy_from_user(data, (const void *)at, shown)) {
		put_pointer(o, at);
		return;
	}
	put_quoted(o, data, shown);
	put(o, n > shown ? "..." : "");
}

static void put_string(struct out *o, uint64_t at)
{
	static char path[PATH_SHOWN + 1];
	ssize_t n = at ? string_from_user(path, (const char *)at, PATH_SHOWN) : -EFAULT;

	path[PATH_SHOWN] = 0;
	if (n == -EFAULT) {
		put_pointer(o, at);
		return;
	}
	put_quoted(o, (const uint8_t *)path, strlen(path));
	put(o, n < 0 ? "..." : "");
}

static void put_flags(struct out *o, char kind, uint32_t v)
{
	const char *text, *bar = "";

	while (v && (text = trace_flag(kind, &v))) {
		put(o, "%s%s", bar, text);
		bar = "|";
	}
	if (v || !*bar)
		put(o, v ? "%s0x%x" : "%s%x", bar, v);
}

static void put_value(struct out *o, char kind, uint32_t v)
{
	const char *text = trace_value(kind, v);

	if (text)
		put(o, "%s", text);
	else
		put_number(o, v);
}

// A value with flags beside it.
static void put_both(struct out *o, char kind, uint32_t value, char flags, uint32_t v)
{
	put_value(o, kind, value);
	if (v) {
		put(o, "|");
		put_flags(o, flags, v);
	}
}

static void put_address(struct out *o, uint64_t at, size_t len)
{
	struct linux_sockaddr a = { 0 };
	const struct linux_sockaddr_in *in = (const void *)&a;
	const struct linux_sockaddr_in6 *in6 = (const void *)&a;
	const uint8_t *b = (const uint8_t *)&in->addr;
	const char *path = (const char *)a.data;

	if (!at || len < sizeof(a.family) ||
	    copy_from_user(&a, (const void *)at, MIN(len, sizeof(a)))) {
		put_pointer(o, at);
		return;
	}
	put(o, "{sa_family=");
	put_value(o, 'F', a.family);
	if (a.family == AF_INET)
		put(o, ", sin_port=htons(%u), sin_addr=inet_addr(\"%u.%u.%u.%u\")",
		    __builtin_bswap16(in->port), b[0], b[1], b[2], b[3]);
	else if (a.family == AF_INET6)
		put(o, ", sin6_port=htons(%u), sin6_addr=%08x:%08x:%08x:%08x",
		    __builtin_bswap16(in6->port), __builtin_bswap32(((uint32_t *)in6->addr)[0]),
		    __builtin_bswap32(((uint32_t *)in6->addr)[1]),
		    __builtin_bswap32(((uint32_t *)in6->addr)[2]),
		    __builtin_bswap32(((uint32_t *)in6->addr)[3]));
	else if (a.family == AF_UNIX && len > sizeof(a.family))
		put(o, ", sun_path=%s\"%.*s\"", *path ? "" : "@", 100, *path ? path : path + 1);
	put(o, "}");
}

static void put_stat(struct out *o, uint64_t at)
{
	uint64_t st[7]; // struct stat of x86-64: the mode is at 24, the size at 48
	static const char types[][9] = { "0",	"S_IFIFO", "S_IFCHR", "0", "S_IFDIR", "0", "S_IFBLK", "0",
					 "S_IFREG", "0", "S_IFLNK", "0", "S_IFSOCK", "0", "0", "0" };

	if (copy_from_user(st, (const void *)at, sizeof(st))) {
		put_pointer(o, at);
		return;
	}
	put(o, "{st_mode=%s|0", types[(uint32_t)st[3] >> 12 & 15]);
	put_octal(o, (uint32_t)st[3] & 07777, 3);
	put(o, ", st_size=%ld, ...}", st[6]);
}

static void put_time(struct out *o, uint64_t at)
{
	struct linux_timespec t;

	if (!at || copy_from_user(&t, (const void *)at, sizeof(t)))
		put_pointer(o, at);
	else
		put(o, "{tv_sec=%ld, tv_nsec=%ld}", t.sec, t.nsec);
}

static void put_vector(struct out *o, uint64_t at, size_t count, size_t limit)
{
	struct iov v;

	put(o, "[");
	for (size_t i = 0; i < count; i++, at += sizeof(v)) {
		if (i == ITEMS_SHOWN || copy_from_user(&v, (const void *)at, sizeof(v))) {
			put(o, ", ...");
			break;
		}
		put(o, "%s{iov_base=", i ? ", " : "");
		put_data(o, (uint64_t)v.base, MIN(v.len, limit));
		put(o, ", iov_len=%lu}", v.len);
		limit -= MIN(limit, v.len);
	}
	put(o, "]");
}

static void put_polls(struct out *o, uint64_t at, size_t count, bool back)
{
	struct { int32_t fd; int16_t events, revents; } p;

	put(o, "[");
	for (size_t i = 0; i < count; i++, at += sizeof(p)) {
		if (i == ITEMS_SHOWN || copy_from_user(&p, (const void *)at, sizeof(p))) {
			put(o, ", ...");
			break;
		}
		put(o, "%s{fd=%d, events=", i ? ", " : "", p.fd);
		put_flags(o, 'v', (uint16_t)p.events);
		if (back && p.revents) {
			put(o, ", revents=");
			put_flags(o, 'v', (uint16_t)p.revents);
		}
		put(o, "}");
	}
	put(o, "]");
}

static void put_events(struct out *o, uint64_t at, size_t count)
{
	struct { uint32_t events; uint64_t data; } __attribute__((packed)) e;

	for (size_t i = 0; i < count; i++, at += sizeof(e)) {
		if (i == ITEMS_SHOWN || copy_from_user(&e, (const void *)at, sizeof(e))) {
			put(o, i ? ", ..." : "0x%lx", at);
			return;
		}
		put(o, "%s{events=", i ? ", " : "");
		put_flags(o, 'v', e.events);
		put(o, ", data=0x%lx}", e.data);
	}
}

static void put_signal(struct out *o, int signo)
{
	if (signo > 31)
		put(o, "SIGRT_%d", signo - 32);
	else
		put(o, "%s", signal_name(signo));
}

static void put_set(struct out *o, uint64_t at)
{
	const char *space = "";
	unsigned members = 0;
	uint64_t set;

	if (!at || copy_from_user(&set, (const void *)at, sizeof(set))) {
		put_pointer(o, at);
		return;
	}
	for (uint64_t rest = set; rest; rest &= rest - 1)
		members++;
	if (members > 32) { // as strace: what is not in it, if that is shorter
		put(o, "~");
		set = ~set;
	}
	put(o, "[");
	for (int i = 0; i < 64; i++)
		if (set >> i & 1) {
			put(o, "%s", space);
			put_signal(o, i + 1);
			space = " ";
		}
	put(o, "]");
}

static void put_action(struct out *o, uint64_t at)
{
	struct signal_action a;

	if (!at || copy_from_user(&a, (const void *)at, sizeof(a))) {
		put_pointer(o, at);
		return;
	}
	put(o, "{sa_handler=");
	if (a.handler <= 1)
		put(o, a.handler ? "SIG_IGN" : "SIG_DFL");
	else
		put_pointer(o, a.handler);
	put(o, ", sa_flags=");
	put_flags(o, 'a', (uint32_t)a.flags);
	put(o, "}");
}

static void put_option(struct out *o, uint32_t level, uint32_t name)
{
	char kind = level == SOL_SOCKET	    ? 'y'
		    : level == IPPROTO_TCP  ? 'T'
		    : level == IPPROTO_IPV6 ? '6'
					    : 0;

	put_value(o, kind, name);
}

struct call {
	const uint64_t *args;
	long result;
	bool back; // and without an error
};

// Letters that need more than the argument itself. false: it is none of them.
static bool put_compound(struct out *o, const struct call *c, char kind, unsigned i)
{
	uint64_t v = c->args[i], next = i < 5 ? c->args[i + 1] : 0;
	size_t result = c->back ? (size_t)c->result : 0;

	switch (kind) {
	case 'W': put_data(o, v, next); break;
	case 'B': c->back ? put_data(o, v, MIN(result, next)) : put_pointer(o, v); break;
	case 'V': put_vector(o, v, next, SIZE_MAX); break;
	case 'J': c->back ? put_vector(o, v, next, result) : put_pointer(o, v); break;
	case 'A': put_address(o, v, next); break;
	case 'R':
		if (c->back)
			put_address(o, v, sizeof(struct linux_sockaddr_in6));
		else
			put_pointer(o, v);
		break;
	case 'L': c->back ? put_stat(o, v) : put_pointer(o, v); break;
	case 'P': put_polls(o, v, next, c->back); break;
	case 'E': v ? put_events(o, v, 1) : put_pointer(o, v); break;
	case 'Q':
		put(o, "[");
		put_events(o, v, result);
		put(o, "]");
		break;
	case '!': put_option(o, (uint32_t)c->args[i - 1], (uint32_t)v); break;
	default: return false;
	}
	return true;
}

static void put_pair(struct out *o, uint64_t at)
{
	int32_t fd[2];

	if (copy_from_user(fd, (const void *)at, sizeof(fd)))
		put_pointer(o, at);
	else
		put(o, "[%d, %d]", fd[0], fd[1]);
}

static void put_simple(struct out *o, char kind, uint64_t v)
{
	switch (kind) {
	case 's': put_string(o, v); break;
	case 'f': put(o, "%d", (int)v); break;
	case '@': (int)v == AT_FDCWD ? put(o, "AT_FDCWD") : put(o, "%d", (int)v); break;
	case 'z': put(o, "%ld", (int64_t)v); break;
	case 'x': put_pointer(o, v); break;
	case 'o':
		put(o, "0");
		put_octal(o, (uint32_t)v, 3);
		break;
	case '0': put(o, v ? "0x%lx" : "%lx", v); break;
	case 't': put_time(o, v); break;
	case 'q': put_pair(o, v); break;
	case 'G': put_set(o, v); break;
	case 'g': put_action(o, v); break;
	case 'S': put_signal(o, (int)v); break;
	case 'O': put_both(o, 'A', v & O_ACCMODE, 'O', (uint32_t)v & ~(uint32_t)O_ACCMODE); break;
	case 'm': put_both(o, 'p', v & 15, 'm', (uint32_t)v & ~15u); break;
	case 'Y': put_both(o, 'Y', v & 15, 's', (uint32_t)v & ~15u); break;
	case 'U':
		put_value(o, 'U', v & 127);
		put(o, v & 128 ? "_PRIVATE" : "");
		put(o, v & 256 ? "|FUTEX_CLOCK_REALTIME" : "");
		break;
	case 'M':
		if (!v)
			put(o, "PROT_NONE");
		else
			put_flags(o, kind, (uint32_t)v);
		break;
	case 'b':
		if (!v)
			put(o, "F_OK");
		else
			put_flags(o, kind, (uint32_t)v);
		break;
	case 'a': put_flags(o, 's', (uint32_t)v); break;
	case 'D': case 'N': case 'K': case 'C': put_flags(o, kind, (uint32_t)v); break;
	case '.': put_number(o, v); break;
	default: put_value(o, kind, (uint32_t)v); break;
	}
}

static const char *letters_of(const char *name)
{
	for (const char *p = calls; *p;) {
		const char *letters = p + strlen(p) + 1;

		if (!strcmp(p, name))
			return letters;
		p = letters + strlen(letters) + 1;
	}
	return NULL;
}

size_t trace_args(char *buf, size_t size, const struct trap_frame *f, long result)
{
	const uint64_t args[6] = { f->rdi, f->rsi, f->rdx, f->r10, f->r8, f->r9 };
	struct call c = { args, result, result >= 0 };
	const char *name = syscall_name((unsigned)f->nr), *l = letters_of(name);
	struct out o = { buf, 0, size };

	if (!l)
		return 0;
	put(&o, "%s(", name);
	for (unsigned i = 0; l[i] && i < 6; i++) {
		if (l[i] == 'o' && i && l[i - 1] == 'O' && !(args[i - 1] & (O_CREAT | O_TMPFILE_BIT)))
			break; // open's mode, which then means nothing
		put(&o, i ? ", " : "");
		if (!put_compound(&o, &c, l[i], i))
			put_simple(&o, l[i], args[i]);
	}
	return o.len;
}
