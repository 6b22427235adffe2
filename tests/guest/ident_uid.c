// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// User and group agree with each other and with a file that was made.
#include "t.h"

int main(void)
{
	uid_t r, e, s;
	struct stat st;
	t_dir();
	t_file("a", "");
	NEED(stat("a", &st) == 0);
	CHECK(getuid() == geteuid());
	CHECK(getgid() == getegid());
	CHECK(st.st_uid == getuid());
	SHOW(getresuid(&r, &e, &s));
	CHECK(r == getuid() && e == r && s == r);
	CHECK(getgroups(0, NULL) >= 0);
	SHOW(setuid(getuid()));
	SHOW(setgid(getgid()));
	CHECK_ERR(syscall(SYS_getresuid, BAD_PTR, &e, &s), EFAULT);
	return 0;
}
