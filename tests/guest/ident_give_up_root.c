// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A daemon gives up root: groups, group, user, in that order; then files and calls know it.
// ROOT: yes
// NOVOLUME: volumes keep no owners
#include "t.h"
#include <grp.h>
#include <sys/fsuid.h>

int main(void)
{
	gid_t groups[3] = { 70, 50, 60 }, got[3] = { 0, 0, 0 };
	int fd;

	t_dir();
	NEED((fd = open("mine", O_CREAT | O_RDWR, 0600)) >= 0);
	NEED(!chmod(".", 0777));
	CHECK(!setgroups(3, groups));
	SHOW(getgroups(0, NULL));
	CHECK_ERR(getgroups(2, got), EINVAL);
	SHOW(getgroups(3, got));
	say("%u %u %u", got[0], got[1], got[2]);
	CHECK_ERR(setgroups(70000, groups), EINVAL);
	NEED(!chown("mine", 0, 60) && !chmod("mine", 0640));
	CHECK(!setgid(2000));
	CHECK(!setuid(1000));
	CHECK(getuid() == 1000 && geteuid() == 1000 && getgid() == 2000 && getegid() == 2000);
	CHECK_ERR(setuid(0), EPERM);
	CHECK_ERR(setgid(0), EPERM);
	CHECK_ERR(seteuid(0), EPERM);
	CHECK_ERR(setgroups(0, NULL), EPERM);
	CHECK_ERR(setresuid(-1, -1, 0), EPERM);
	CHECK(!setuid(1000));
	CHECK(open("mine", O_RDONLY) >= 0); // by a supplementary group
	CHECK_ERR(open("mine", O_WRONLY), EACCES);
	CHECK(write(fd, "x", 1) == 1);      // what is open stays open
	CHECK_ERR(chown("mine", 1000, -1), EPERM);
	CHECK_ERR(chmod("mine", 0666), EPERM);
	CHECK_ERR(chroot("."), EPERM);
	CHECK_ERR(sethostname("x", 1), EPERM);
	NEED((fd = open("new", O_CREAT | O_WRONLY, 0600)) >= 0);
	CHECK(!chown("new", -1, 60));
	CHECK_ERR(chown("new", -1, 61), EPERM);
	CHECK_ERR(chown("new", 1001, -1), EPERM);
	CHECK(!chown("new", 1000, 2000));
	NEED(!unlink("new"));
	return 0;
}
