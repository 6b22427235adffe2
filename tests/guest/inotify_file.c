// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A file is watched, by itself and together with its directory; masks change; a watch is removed.
#include "tinotify.h"

int main(void)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), f, wd;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int bytes = -1;
	char c;

	t_dir();
	NEED((f = open("f", O_CREAT | O_RDWR, 0644)) >= 0);
	SHOW(wd = inotify_add_watch(fd, "f", IN_MODIFY | IN_ATTRIB | IN_DELETE_SELF | IN_ACCESS));
	SHOW(inotify_add_watch(fd, ".", IN_MODIFY | IN_DELETE));
	SHOW(poll(&p, 1, 0));
	NEED(write(f, "xy", 2) == 2);
	SHOW(poll(&p, 1, 0));
	NEED(!ioctl(fd, FIONREAD, &bytes));
	SHOW(bytes);
	tell_events(fd, "write");
	NEED(pread(f, &c, 1, 0) == 1);
	tell_events(fd, "read");
	NEED(write(f, "x", 1) == 1 && write(f, "y", 1) == 1);
	tell_events(fd, "two writes");
	CHECK(inotify_add_watch(fd, "f", IN_OPEN) == wd);
	NEED(write(f, "x", 1) == 1);
	close(open("f", O_RDONLY));
	tell_events(fd, "another mask");
	CHECK(inotify_add_watch(fd, "f", IN_ATTRIB | IN_MASK_ADD) == wd);
	NEED(!chmod("f", 0600));
	close(open("f", O_RDONLY));
	tell_events(fd, "added to the mask");
	SHOW(inotify_rm_watch(fd, wd));
	tell_events(fd, "removed");
	SHOW(inotify_add_watch(fd, "f", IN_OPEN | IN_ONESHOT));
	close(open("f", O_RDONLY));
	close(open("f", O_RDONLY));
	tell_events(fd, "once");
	SHOW(inotify_rm_watch(fd, 2));
	SHOW(inotify_add_watch(fd, "f", IN_DELETE_SELF | IN_MOVE_SELF));
	close(f);
	NEED(!rename("f", "g") && !unlink("g"));
	tell_events(fd, "renamed and unlinked");
	return 0;
}
