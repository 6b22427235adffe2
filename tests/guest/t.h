// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What every program of the conformance set shares. Everything goes to descriptor 1 by one write()
// a line, unbuffered, so that the output is whole up to the place where a program dies, and so
// that handlers and threads may print too. CHECK and CHECK_ERR end the program with status 1 on a
// surprise: each program judges itself besides being compared.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define T_UNUSED __attribute__((unused))

// An address that is never mapped: the first page stays empty, and this is above NULL's special
// cases.
#define BAD_PTR ((void *)8)

static T_UNUSED const char *err_name(int e)
{
	static const struct { int e; const char *name; } names[] = {
#define N(x) { x, #x }
		N(EPERM), N(ENOENT), N(ESRCH), N(EINTR), N(EIO), N(ENXIO), N(E2BIG), N(ENOEXEC), N(EBADF),
		N(ECHILD),
		N(EAGAIN), N(ENOMEM), N(EACCES), N(EFAULT), N(ENOTBLK), N(EBUSY), N(EEXIST), N(EXDEV), N(ENODEV),
		N(ENOTDIR), N(EISDIR), N(EINVAL), N(ENFILE), N(EMFILE), N(ENOTTY), N(ETXTBSY), N(EFBIG),
		N(ENOSPC),
		N(ESPIPE), N(EROFS), N(EMLINK), N(EPIPE), N(EDOM), N(ERANGE), N(EDEADLK), N(ENAMETOOLONG),
		N(ENOLCK),
		N(ENOSYS), N(ENOTEMPTY), N(ELOOP), N(ENODATA), N(ETIME), N(EPROTO), N(EBADMSG), N(EOVERFLOW),
		N(EILSEQ),
		N(ENOTSOCK), N(EDESTADDRREQ), N(EMSGSIZE), N(EPROTOTYPE), N(ENOPROTOOPT), N(EPROTONOSUPPORT),
		N(ESOCKTNOSUPPORT), N(EOPNOTSUPP), N(EAFNOSUPPORT), N(EADDRINUSE), N(EADDRNOTAVAIL), N(ENETDOWN),
		N(ENETUNREACH), N(ECONNABORTED), N(ECONNRESET), N(ENOBUFS), N(EISCONN), N(ENOTCONN),
		N(ETOOMANYREFS),
		N(ETIMEDOUT), N(ECONNREFUSED), N(EHOSTUNREACH), N(EALREADY), N(EINPROGRESS), N(ECANCELED),
		N(EOWNERDEAD), N(ENOTRECOVERABLE),
#undef N
	};
	static char number[24];
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].e == e)
			return names[i].name;
	snprintf(number, sizeof number, "errno %d", e);
	return e ? number : "0";
}

static T_UNUSED __attribute__((format(printf, 1, 2))) void say(const char *format, ...)
{
	char line[1024];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(line, sizeof line - 1, format, args);
	va_end(args);
	if (n > (int)sizeof line - 2)
		n = sizeof line - 2;
	line[n++] = '\n';
	int saved = errno;
	for (int done = 0; done < n;) {
		ssize_t w = write(1, line + done, n - done);
		if (w < 0 && errno != EINTR && errno != EAGAIN)
			_exit(99);
		done += w > 0 ? w : 0;
	}
	errno = saved;
}

static T_UNUSED void t_fail(const char *text, int line, const char *why)
{
	say("FAILED line %d: %s (%s)", line, text, why);
	_exit(1);
}

static T_UNUSED long long t_show(const char *text, long long value, int e)
{
	if (value == -1 && e)
		say("%s = -1 %s", text, err_name(e));
	else
		say("%s = %lld", text, value);
	return value;
}

// Prints `expression = value`, or the name of the error. Only for values that are the same
// everywhere.
#define SHOW(expr) ({ errno = 0; long long t_v = (long long)(expr); t_show(#expr, t_v, errno); })

// For functions that return the error number, as pthread_* do.
#define SHOW_RC(expr) say("%s = %s", #expr, err_name(expr))

#define CHECK(cond) \
	do { \
		if (cond) \
			say("ok: %s", #cond); \
		else \
			t_fail(#cond, __LINE__, err_name(errno)); \
	} while (0)

// As CHECK, silent when true: for loops and set-up.
#define NEED(cond) \
	do { \
		if (!(cond)) \
			t_fail(#cond, __LINE__, err_name(errno)); \
	} while (0)

// The expression fails with -1 (or MAP_FAILED) and just this error.
#define CHECK_ERR(expr, error) \
	do { \
		errno = 0; \
		long long t_v = (long long)(expr); \
		t_show(#expr, t_v, errno); \
		if (t_v != -1 || errno != (error)) \
			t_fail(#expr, __LINE__, "expected " #error); \
	} while (0)

// A fresh empty directory under /tmp becomes the current one. The runner removes it by the
// process's number.
static T_UNUSED void t_dir(void)
{
	char path[64];
	snprintf(path, sizeof path, "/tmp/t.%d.XXXXXX", (int)getpid());
	if (!mkdtemp(path) || chdir(path) < 0)
		t_fail("t_dir", __LINE__, err_name(errno));
}

// A file with the given text, left at `path`.
static T_UNUSED void t_file(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd) < 0)
		t_fail(path, __LINE__, err_name(errno));
}

static T_UNUSED long long t_now(clockid_t clock)
{
	struct timespec ts;
	if (clock_gettime(clock, &ts) < 0)
		t_fail("clock_gettime", __LINE__, err_name(errno));
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static T_UNUSED void t_sleep_ms(int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000l };
	while (nanosleep(&ts, &ts) < 0 && errno == EINTR)
		;
}

static T_UNUSED void t_catch(int sig, void (*handler)(int), int flags)
{
	struct sigaction sa;
	memset(&sa, 0, sizeof sa);
	sa.sa_handler = handler;
	sa.sa_flags = flags;
	if (sigaction(sig, &sa, NULL) < 0)
		t_fail("sigaction", __LINE__, err_name(errno));
}

static T_UNUSED void t_catch_info(int sig, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa;
	memset(&sa, 0, sizeof sa);
	sa.sa_sigaction = handler;
	sa.sa_flags = flags | SA_SIGINFO;
	if (sigaction(sig, &sa, NULL) < 0)
		t_fail("sigaction", __LINE__, err_name(errno));
}

static T_UNUSED pthread_t t_thread(void *(*body)(void *), void *arg)
{
	pthread_t thread;
	int e = pthread_create(&thread, NULL, body, arg);
	if (e)
		t_fail("pthread_create", __LINE__, err_name(e));
	return thread;
}

static T_UNUSED void t_join(pthread_t thread)
{
	int e = pthread_join(thread, NULL);
	if (e)
		t_fail("pthread_join", __LINE__, err_name(e));
}

// How many of these pages are in memory, by mincore(2); p on a page, 64 pages at most.
static T_UNUSED int t_resident(char *p, size_t pages)
{
	unsigned char vec[64];
	int n = 0;

	NEED(pages <= sizeof vec && mincore(p, pages * 4096, vec) == 0);
	for (size_t i = 0; i < pages; i++)
		n += vec[i] & 1;
	return n;
}
