// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Limits are read, lowered, and seen by all calls that read them.
#include "t.h"

int main(void)
{
	struct rlimit r, now;
	SHOW(getrlimit(RLIMIT_NOFILE, &r));
	CHECK(r.rlim_cur >= 64);
	CHECK(r.rlim_cur <= r.rlim_max);
	r.rlim_cur = 50;
	SHOW(setrlimit(RLIMIT_NOFILE, &r));
	SHOW(getrlimit(RLIMIT_NOFILE, &now));
	SHOW(now.rlim_cur);
	SHOW(prlimit(0, RLIMIT_NOFILE, NULL, &now));
	SHOW(now.rlim_cur);
	SHOW(sysconf(_SC_OPEN_MAX));
	SHOW(getrlimit(RLIMIT_STACK, &now));
	CHECK(now.rlim_cur >= 1 << 20);
	SHOW(getrlimit(RLIMIT_AS, &now));
	SHOW(getrlimit(RLIMIT_CORE, &now));
	return 0;
}
