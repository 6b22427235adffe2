// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What inotify refuses.
// ERROR: yes
#include "tinotify.h"

int main(void)
{
	int fd = inotify_init1(IN_NONBLOCK), wd;
	char buf[64];

	t_dir();
	NEED(fd >= 0 && close(open("f", O_CREAT | O_WRONLY, 0644)) == 0);
	CHECK_ERR(inotify_init1(1), EINVAL);
	CHECK_ERR(inotify_add_watch(fd, "nowhere", IN_OPEN), ENOENT);
	CHECK_ERR(inotify_add_watch(fd, BAD_PTR, IN_OPEN), EFAULT);
	CHECK_ERR(inotify_add_watch(fd, "f", 0), EINVAL);
	CHECK_ERR(inotify_add_watch(fd, "f", IN_OPEN | IN_ONLYDIR), ENOTDIR);
	CHECK_ERR(inotify_add_watch(-1, "f", IN_OPEN), EBADF);
	CHECK_ERR(inotify_add_watch(0, "f", IN_OPEN), EINVAL);
	CHECK_ERR(inotify_add_watch(fd, "f", IN_OPEN | IN_MASK_ADD | IN_MASK_CREATE), EINVAL);
	CHECK_ERR(inotify_rm_watch(fd, 1), EINVAL);
	CHECK_ERR(inotify_rm_watch(0, 1), EINVAL);
	CHECK_ERR(read(fd, buf, sizeof(buf)), EAGAIN);
	NEED((wd = inotify_add_watch(fd, ".", IN_CREATE)) > 0);
	CHECK_ERR(inotify_add_watch(fd, ".", IN_OPEN | IN_MASK_CREATE), EEXIST);
	NEED(!mkdir("sub", 0755));
	CHECK_ERR(read(fd, buf, 16), EINVAL); // too small for the event
	CHECK_ERR(write(fd, buf, 1), EBADF);
	CHECK(read(fd, buf, sizeof(buf)) == 32);
	CHECK_ERR(inotify_rm_watch(fd, wd + 1), EINVAL);
	return 0;
}
