// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Groups and sessions.
#include "child.h"

int main(void)
{
	t_reap("session", FORK(({
		CHECK(setsid() == getpid());
		CHECK(getpgrp() == getpid() && getsid(0) == getpid());
		CHECK_ERR(setsid(), EPERM);
		CHECK_ERR(setpgid(0, 0), EPERM);
		1;
	})));
	t_reap("group", FORK(({
		CHECK(setpgid(0, 0) == 0);
		CHECK(getpgrp() == getpid());
		CHECK_ERR(setsid(), EPERM);
		2;
	})));
	return 0;
}
