// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// CPU time of children that were waited for.
#include "child.h"

static int burn(void)
{
	long long until = t_now(CLOCK_PROCESS_CPUTIME_ID) + 60000000;
	while (t_now(CLOCK_PROCESS_CPUTIME_ID) < until)
		;
	return 0;
}

int main(void)
{
	struct rusage ru;
	int status;
	getrusage(RUSAGE_CHILDREN, &ru);
	CHECK(ru.ru_utime.tv_sec == 0 && ru.ru_utime.tv_usec + ru.ru_stime.tv_usec < 50000);
	pid_t pid = FORK(burn());
	CHECK(wait4(pid, &status, 0, &ru) == pid);
	CHECK(ru.ru_utime.tv_sec * 1000000 + ru.ru_utime.tv_usec + ru.ru_stime.tv_usec >= 50000);
	getrusage(RUSAGE_CHILDREN, &ru);
	CHECK(ru.ru_utime.tv_sec * 1000000 + ru.ru_utime.tv_usec + ru.ru_stime.tv_usec >= 50000);
	return 0;
}
