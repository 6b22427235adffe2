// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Memory and uptime are plausible.
#include "t.h"
#include <sys/sysinfo.h>

int main(void)
{
	struct sysinfo s;
	SHOW(sysinfo(&s));
	CHECK(s.totalram > 0 && s.mem_unit > 0);
	CHECK(s.freeram <= s.totalram);
	CHECK(s.procs > 0);
	CHECK((unsigned long long)s.totalram * s.mem_unit >= 1 << 20);
	CHECK_ERR(syscall(SYS_sysinfo, BAD_PTR), EFAULT);
	CHECK(sysconf(_SC_PHYS_PAGES) > 0);
	SHOW(sysconf(_SC_PAGESIZE));
	return 0;
}
