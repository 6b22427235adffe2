// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// CPU time grows while the program computes; getrusage and times agree that there is some.
//
// ERROR: yes
#include "t.h"
#include <sys/times.h>

int main(void)
{
	struct rusage usage;
	struct tms tms;
	long long begin = t_now(CLOCK_PROCESS_CPUTIME_ID), thread = t_now(CLOCK_THREAD_CPUTIME_ID);
	while (t_now(CLOCK_PROCESS_CPUTIME_ID) - begin < 20000000)
		;
	CHECK(t_now(CLOCK_THREAD_CPUTIME_ID) > thread);
	SHOW(getrusage(RUSAGE_SELF, &usage));
	CHECK(usage.ru_utime.tv_sec + usage.ru_utime.tv_usec + usage.ru_stime.tv_sec + usage.ru_stime.tv_usec > 0);
	CHECK(usage.ru_maxrss > 0);
	CHECK(times(&tms) != (clock_t)-1);
	CHECK(clock() > 0);
	CHECK_ERR(getrusage(77, &usage), EINVAL);
	CHECK_ERR(syscall(SYS_getrusage, RUSAGE_SELF, BAD_PTR), EFAULT);
	return 0;
}
