// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/linux: names of system calls, errors and signals; siginfo's two shapes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include <core/klib.h>

const char *syscall_name(unsigned nr);
const char *errno_name(int e);
const char *signal_name(int signo);

static void calls(void **state)
{
	assert_string_equal(syscall_name(0), "read");
	assert_string_equal(syscall_name(SYS_getppid), "getppid");
	assert_string_equal(syscall_name(SYS_exit_group), "exit_group");
	assert_string_equal(syscall_name(SYS_statx), "statx");
	assert_string_equal(syscall_name(SYS_openat2), "openat2");
	assert_string_equal(syscall_name(335), "?"); // a hole in the table
	assert_string_equal(syscall_name(100000), "?");
}

static void errors(void **state)
{
	assert_string_equal(errno_name(EPERM), "EPERM");
	assert_string_equal(errno_name(ENOSYS), "ENOSYS");
	assert_string_equal(errno_name(ELOOP), "ELOOP");
	assert_string_equal(errno_name(ETIMEDOUT), "ETIMEDOUT");
	assert_string_equal(errno_name(ECONNREFUSED), "ECONNREFUSED");
	assert_string_equal(errno_name(EOPNOTSUPP), "EOPNOTSUPP");
	assert_string_equal(errno_name(60), "E?");
	assert_string_equal(errno_name(200), "E?");
	assert_string_equal(errno_name(512), "(interrupted by a signal)");
}

static void signals(void **state)
{
	assert_string_equal(signal_name(SIGHUP), "SIGHUP");
	assert_string_equal(signal_name(SIGSEGV), "SIGSEGV");
	assert_string_equal(signal_name(SIGSYS), "SIGSYS");
	assert_string_equal(signal_name(40), "a real-time signal");
	assert_string_equal(signal_name(-1), "a real-time signal");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls),
		cmocka_unit_test(errors),
		cmocka_unit_test(signals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
