// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/fs/pipe.c and the descriptor table: what goes in comes out in order, whatever the pieces;
// ends that are gone; bounds; memory that ends.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "fs/fakes.h"
#include <asm-generic/errno.h>
#include <fs/file.h>
#include <linux/process.h>
#include <linux/syscall.h>

long sys_pipe2(int *user, unsigned flags);
long pipe_capacity(struct file *f, long set);
#define O_NONBLOCK 04000
#define O_CLOEXEC 02000000
#define SIGPIPE 13

static ssize_t put(int fd, const void *p, size_t n)
{
	struct file *f = fd_get(fd);
	ssize_t r = file_write_kernel(f, p, n, NULL);

	file_put(f);
	return r;
}

static ssize_t take(int fd, void *p, size_t n)
{
	struct file *f = fd_get(fd);
	ssize_t r = file_read_kernel(f, p, n, NULL);

	file_put(f);
	return r;
}

static int begin(void **state)
{
	fake_sleep = NULL;
	fake_fail_after = -1;
	fake_signal = 0;
	return 0;
}

static void test_order(void **state)
{
	static uint8_t out[70000], in[70000];
	unsigned next_out = 0, next_in = 0;
	int fd[2];

	assert_int_equal(sys_pipe2(fd, O_NONBLOCK), 0);
	srandom(2);
	for (int round = 0; round < 3000; round++) {
		size_t n = (size_t)random() % (round % 50 ? 300 : sizeof(out));
		ssize_t r;

		for (size_t i = 0; i < n; i++)
			out[i] = (uint8_t)(next_out + i);
		r = n ? put(fd[1], out, n) : 0;
		assert_true(r == -EAGAIN || (r >= 0 && r <= (ssize_t)n));
		next_out += r > 0 ? (unsigned)r : 0;
		r = take(fd[0], in, (size_t)random() % (round % 70 ? 400 : sizeof(in)));
		assert_true(r >= 0 || r == -EAGAIN);
		for (ssize_t i = 0; i < r; i++)
			assert_int_equal(in[i], (uint8_t)next_in++);
	}
	while (take(fd[0], in, 1000) > 0)
		;
	fd_close(fd[0]);
	fd_close(fd[1]);
}

static void test_full_and_atomic(void **state)
{
	static uint8_t buf[70000];
	int fd[2];

	assert_int_equal(sys_pipe2(fd, O_NONBLOCK), 0);
	assert_int_equal(put(fd[1], buf, sizeof(buf)), 65536);
	assert_int_equal(put(fd[1], buf, 1), -EAGAIN);
	assert_int_equal(take(fd[0], buf, 4095), 4095);
	assert_int_equal(put(fd[1], buf, 4096), -EAGAIN); // all or nothing up to PIPE_BUF
	assert_int_equal(put(fd[1], buf, 4097), 4095);
	fd_close(fd[0]);
	fd_close(fd[1]);
}

static void test_ends(void **state)
{
	char c = 'x';
	int fd[2];

	assert_int_equal(sys_pipe2(fd, 0), 0);
	assert_int_equal(put(fd[1], &c, 1), 1);
	fd_close(fd[1]);
	assert_int_equal(take(fd[0], &c, 1), 1);
	assert_int_equal(take(fd[0], &c, 1), 0);
	fd_close(fd[0]);

	assert_int_equal(sys_pipe2(fd, 0), 0);
	fd_close(fd[0]);
	assert_int_equal(put(fd[1], &c, 1), -EPIPE);
	assert_int_equal(fake_signal, SIGPIPE);
	fd_close(fd[1]);
}

static int interrupted(void)
{
	return -EINTR;
}

static void test_waits(void **state)
{
	static uint8_t buf[65536];
	int fd[2];
	char c;

	assert_int_equal(sys_pipe2(fd, 0), 0);
	fake_sleep = interrupted;
	assert_int_equal(take(fd[0], &c, 1), -ERESTARTSYS);
	assert_int_equal(put(fd[1], buf, sizeof(buf)), sizeof(buf));
	assert_int_equal(put(fd[1], buf, 1), -ERESTARTSYS);
	assert_int_equal(take(fd[0], buf, 5000), 5000);
	assert_int_equal(put(fd[1], buf, 6000), 5000); // part of it, then the signal
	fd_close(fd[0]);
	fd_close(fd[1]);
}

static void test_wrong(void **state)
{
	int fd[2];

	assert_int_equal(sys_pipe2(fd, 1), -EINVAL);
	assert_int_equal(sys_pipe2(BAD_POINTER, 0), -EFAULT);
	assert_null(fd_get(0));
	assert_int_equal(fd_close(0), -EBADF);
	assert_int_equal(fd_close(-1), -EBADF);
	assert_int_equal(fd_close(1 << 30), -EBADF);
}

static void test_capacity(void **state)
{
	static uint8_t buf[10000];
	struct file *f;
	int fd[2];

	assert_int_equal(sys_pipe2(fd, O_NONBLOCK), 0);
	f = fd_get(fd[1]);
	assert_int_equal(pipe_capacity(f, -1), 65536);
	assert_int_equal(pipe_capacity(f, 5000), 8192);
	assert_int_equal(pipe_capacity(f, 1 << 21), -EPERM);
	assert_int_equal(put(fd[1], buf, sizeof(buf)), 8192);
	assert_int_equal(pipe_capacity(f, 4096), -EBUSY);
	assert_int_equal(pipe_capacity(f, 16384), 16384);
	assert_int_equal(put(fd[1], buf, sizeof(buf)), 8192);
	file_put(f);
	fd_close(fd[0]);
	fd_close(fd[1]);
}

static void test_too_many(void **state)
{
	int fd[2], opened = 0;

	while (!sys_pipe2(fd, 0))
		opened += 2;
	assert_int_equal(opened, 64); // RLIMIT_NOFILE of fakes.c
	assert_int_equal(sys_pipe2(fd, 0), -EMFILE);
	fd_close(10);
	assert_int_equal(sys_pipe2(fd, 0), -EMFILE); // one of two is not enough, and is given back
	fd_close(20);
	assert_int_equal(sys_pipe2(fd, O_CLOEXEC), 0);
	assert_int_equal(fd[0], 10);
	assert_int_equal(fd[1], 20);
	assert_true(fd_cloexec(10, -1));
	assert_false(fd_cloexec(11, -1));
	fd_table_close_all(current_process()->files);
}

static void test_no_memory(void **state)
{
	char c = 'x';
	int fd[2];

	for (long n = 0; n < 12; n++) {
		fake_fail_after = n;
		if (!sys_pipe2(fd, O_NONBLOCK)) {
			ssize_t r = put(fd[1], &c, 1);

			assert_true(r == 1 || r == -ENOMEM);
		}
		fake_fail_after = -1;
		fd_table_close_all(current_process()->files);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_order, begin),
		cmocka_unit_test_setup(test_full_and_atomic, begin),
		cmocka_unit_test_setup(test_ends, begin),
		cmocka_unit_test_setup(test_waits, begin),
		cmocka_unit_test_setup(test_wrong, begin),
		cmocka_unit_test_setup(test_capacity, begin),
		cmocka_unit_test_setup(test_too_many, begin),
		cmocka_unit_test_setup(test_no_memory, begin),
	};
	long before;
	int r;

	fakes_begin();
	before = fake_allocations;
	r = cmocka_run_group_tests(tests, NULL, NULL);
	if (fake_allocations != before) {
		print_error("%ld allocations are left\n", fake_allocations - before);
		return 1;
	}
	return r;
}
