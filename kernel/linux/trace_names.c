// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names of constants for the trace, by the letter of their kind (linux/trace_args.c).
#include <asm/ioctls.h>
#include <asm/prctl.h>
#include <linux/futex.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/time.h>

#include <core/klib.h>
#include <linux/signal.h>
#include <linux/trace_args.h>
#include <net/abi.h>

struct name {
	char kind;
	uint32_t value;
	char text[25];
};
#define X(kind, n) { kind, (uint32_t)(n), #n }

static const struct name flags[] = {
	X('O', O_CREAT), X('O', O_EXCL), X('O', O_NOCTTY), X('O', O_TRUNC), X('O', O_APPEND),
	X('O', O_NONBLOCK), X('O', O_DIRECT), X('O', O_LARGEFILE), { 'O', 020200000, "O_TMPFILE" },
	X('O', O_DIRECTORY), X('O', O_NOFOLLOW), X('O', O_NOATIME), X('O', O_CLOEXEC),
	X('O', O_PATH),
	{ 'O', 04010000, "O_SYNC" }, { 'O', 010000, "O_DSYNC" }, { 'O', 020000, "O_ASYNC" },
	X('M', PROT_READ), X('M', PROT_WRITE), X('M', PROT_EXEC),
	X('m', MAP_FIXED), X('m', MAP_ANONYMOUS), X('m', MAP_DENYWRITE), X('m', MAP_NORESERVE),
	X('m', MAP_POPULATE), X('m', MAP_STACK), X('m', MAP_GROWSDOWN), X('m', MAP_HUGETLB),
	X('m', MAP_FIXED_NOREPLACE), X('m', MAP_LOCKED), X('m', MAP_SYNC),
	{ 'm', 0x40, "MAP_32BIT" },
	X('D', AT_SYMLINK_NOFOLLOW), X('D', AT_REMOVEDIR), X('D', AT_SYMLINK_FOLLOW),
	X('D', AT_NO_AUTOMOUNT), X('D', AT_EMPTY_PATH),
	X('N', MSG_OOB), X('N', MSG_PEEK), X('N', MSG_DONTROUTE), X('N', MSG_TRUNC),
	X('N', MSG_DONTWAIT),
	X('N', MSG_WAITALL), X('N', MSG_ERRQUEUE), X('N', MSG_NOSIGNAL), X('N', MSG_MORE),
	X('N', MSG_CMSG_CLOEXEC), X('N', MSG_WAITFORONE),
	X('K', CLONE_VM), X('K', CLONE_FS), X('K', CLONE_FILES), X('K', CLONE_SIGHAND),
	X('K', CLONE_PIDFD),
	X('K', CLONE_VFORK), X('K', CLONE_THREAD), X('K', CLONE_SYSVSEM), X('K', CLONE_SETTLS),
	X('K', CLONE_PARENT_SETTID), X('K', CLONE_CHILD_CLEARTID), X('K', CLONE_CHILD_SETTID),
	X('C', O_CLOEXEC), X('C', O_NONBLOCK), X('C', O_DIRECT),
	X('s', SOCK_CLOEXEC), X('s', SOCK_NONBLOCK),
	{ 'b', 4, "R_OK" }, { 'b', 2, "W_OK" }, { 'b', 1, "X_OK" },
	X('v', POLLIN), X('v', POLLPRI), X('v', POLLOUT), X('v', POLLERR), X('v', POLLHUP),
	X('v', POLLNVAL),
	X('v', POLLRDNORM), X('v', POLLWRNORM), X('v', POLLRDHUP), X('v', EPOLLEXCLUSIVE),
	X('v', EPOLLONESHOT), X('v', EPOLLET),
	{ 'a', 0x08000000, "SA_ONSTACK" }, { 'a', 0x10000000, "SA_RESTART" }, { 'a', 4, "SA_SIGINFO" },
	{ 'a', 0x40000000, "SA_NODEFER" }, { 'a', 0x80000000u, "SA_RESETHAND" },
	{ 'a', 1, "SA_NOCLDSTOP" }, { 'a', 2, "SA_NOCLDWAIT" }, { 'a', 0x04000000, "SA_RESTORER" },
};

static const struct name values[] = {
	X('w', SEEK_SET), X('w', SEEK_CUR), X('w', SEEK_END), X('w', SEEK_DATA), X('w', SEEK_HOLE),
	X('F', AF_UNSPEC), X('F', AF_UNIX), X('F', AF_INET), X('F', AF_INET6), X('F', AF_NETLINK),
	X('Y', SOCK_STREAM), X('Y', SOCK_DGRAM), X('Y', SOCK_RAW), X('Y', SOCK_SEQPACKET),
	{ 'e', 1, "EPOLL_CTL_ADD" }, { 'e', 2, "EPOLL_CTL_DEL" }, { 'e', 3, "EPOLL_CTL_MOD" },
	X('k', CLOCK_REALTIME), X('k', CLOCK_MONOTONIC), X('k', CLOCK_PROCESS_CPUTIME_ID),
	X('k', CLOCK_THREAD_CPUTIME_ID), X('k', CLOCK_MONOTONIC_RAW), X('k', CLOCK_REALTIME_COARSE),
	X('k', CLOCK_MONOTONIC_COARSE), X('k', CLOCK_BOOTTIME), X('k', CLOCK_TAI),
	X('U', FUTEX_WAIT), X('U', FUTEX_WAKE), X('U', FUTEX_REQUEUE), X('U', FUTEX_CMP_REQUEUE),
	X('U', FUTEX_WAKE_OP), X('U', FUTEX_WAIT_BITSET), X('U', FUTEX_WAKE_BITSET),
	X('U', FUTEX_LOCK_PI), X('U', FUTEX_UNLOCK_PI),
	{ 'c', 0, "F_DUPFD" }, { 'c', 1, "F_GETFD" }, { 'c', 2, "F_SETFD" }, { 'c', 3, "F_GETFL" },
	{ 'c', 4, "F_SETFL" }, { 'c', 5, "F_GETLK" }, { 'c', 6, "F_SETLK" }, { 'c', 7, "F_SETLKW" },
	{ 'c', 8, "F_SETOWN" }, { 'c', 36, "F_OFD_GETLK" }, { 'c', 37, "F_OFD_SETLK" },
	{ 'c', 38, "F_OFD_SETLKW" }, { 'c', 1030, "F_DUPFD_CLOEXEC" }, { 'c', 1031, "F_SETPIPE_SZ" },
	{ 'c', 1032, "F_GETPIPE_SZ" }, { 'c', 1033, "F_ADD_SEALS" }, { 'c', 1034, "F_GET_SEALS" },
	X('i', TCGETS), X('i', TCSETS), X('i', TIOCGWINSZ), X('i', FIONREAD), X('i', FIONBIO),
	X('i', FIOCLEX),
	X('i', TIOCGPGRP), X('i', TIOCSPGRP), X('i', TIOCSCTTY), { 'i', 0x8912, "SIOCGIFCONF" },
	{ 'H', 0, "SIG_BLOCK" }, { 'H', 1, "SIG_UNBLOCK" }, { 'H', 2, "SIG_SETMASK" },
	X('l', SOL_SOCKET), { 'l', 0, "SOL_IP" }, { 'l', 6, "SOL_TCP" }, { 'l', 17, "SOL_UDP" },
	{ 'l', 41, "SOL_IPV6" }, { 'l', 270, "SOL_NETLINK" },
	X('y', SO_DEBUG), X('y', SO_REUSEADDR), X('y', SO_TYPE), X('y', SO_ERROR),
	X('y', SO_BROADCAST),
	X('y', SO_SNDBUF), X('y', SO_RCVBUF), X('y', SO_KEEPALIVE), X('y', SO_LINGER),
	X('y', SO_REUSEPORT),
	X('y', SO_PASSCRED), X('y', SO_PEERCRED), X('y', SO_ACCEPTCONN), X('y', SO_DOMAIN),
	X('y', SO_PROTOCOL), X('y', SO_RCVTIMEO_OLD), X('y', SO_SNDTIMEO_OLD),
	X('y', SO_BINDTODEVICE),
	X('T', TCP_NODELAY), X('T', TCP_MAXSEG), X('T', TCP_CORK), X('T', TCP_KEEPIDLE),
	X('T', TCP_KEEPINTVL),
	X('T', TCP_KEEPCNT), X('T', TCP_DEFER_ACCEPT), X('T', TCP_INFO), X('T', TCP_QUICKACK),
	X('T', TCP_CONGESTION), X('T', TCP_USER_TIMEOUT), X('T', TCP_FASTOPEN),
	X('6', IPV6_V6ONLY),
	X('r', RLIMIT_CPU), X('r', RLIMIT_FSIZE), X('r', RLIMIT_DATA), X('r', RLIMIT_STACK),
	X('r', RLIMIT_CORE),
	X('r', RLIMIT_RSS), X('r', RLIMIT_NPROC), X('r', RLIMIT_NOFILE), X('r', RLIMIT_MEMLOCK),
	X('r', RLIMIT_AS), X('r', RLIMIT_RTPRIO), X('r', RLIMIT_NICE),
	X('d', MADV_NORMAL), X('d', MADV_RANDOM), X('d', MADV_SEQUENTIAL), X('d', MADV_WILLNEED),
	X('d', MADV_DONTNEED), X('d', MADV_FREE), X('d', MADV_DONTFORK), X('d', MADV_HUGEPAGE),
	X('d', MADV_NOHUGEPAGE), X('d', MADV_DONTDUMP), X('d', MADV_DODUMP), X('d', MADV_MERGEABLE),
	X('h', SHUT_RD), X('h', SHUT_WR), X('h', SHUT_RDWR),
	X('j', PR_SET_NAME), X('j', PR_GET_NAME), X('j', PR_SET_DUMPABLE), X('j', PR_SET_PDEATHSIG),
	X('j', PR_CAPBSET_READ), X('j', PR_SET_VMA), X('j', PR_SET_NO_NEW_PRIVS),
	X('j', PR_SET_KEEPCAPS),
	X('j', PR_SET_TIMERSLACK), X('j', PR_SET_THP_DISABLE), X('j', PR_GET_DUMPABLE),
	X('I', ARCH_SET_FS), X('I', ARCH_GET_FS), X('I', ARCH_SET_GS), X('I', ARCH_GET_GS),
	{ 'n', 0, "RUSAGE_SELF" }, { 'n', 0xffffffffu, "RUSAGE_CHILDREN" }, { 'n', 1, "RUSAGE_THREAD" },
	X('p', MAP_SHARED), X('p', MAP_PRIVATE), X('p', MAP_SHARED_VALIDATE),
	X('A', O_RDONLY), X('A', O_WRONLY), X('A', O_RDWR),
};

const char *trace_value(char kind, uint32_t v)
{
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		if (values[i].kind == kind && values[i].value == v)
			return values[i].text;
	return NULL;
}

const char *trace_flag(char kind, uint32_t *v)
{
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (flags[i].kind == kind && (*v & flags[i].value) == flags[i].value) {
			*v &= ~flags[i].value;
			return flags[i].text;
		}
	return NULL;
}
