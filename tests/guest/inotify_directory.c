// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A directory is watched: what is made, written, changed, renamed and removed in it.
#include "tinotify.h"

int main(void)
{
	int fd = inotify_init1(IN_NONBLOCK), f;

	t_dir();
	NEED(fd >= 0 && !mkdir("d", 0755) && !mkdir("other", 0755));
	SHOW(inotify_add_watch(fd, "d", IN_ALL_EVENTS & ~IN_ACCESS));
	NEED((f = open("d/a", O_CREAT | O_RDWR, 0644)) >= 0);
	tell_events(fd, "create");
	NEED(write(f, "text", 4) == 4);
	NEED(!ftruncate(f, 2) && !fchmod(f, 0600));
	tell_events(fd, "write, ftruncate, fchmod");
	close(f);
	NEED((f = open("d/a", O_RDONLY)) >= 0);
	close(f);
	tell_events(fd, "close, open and close");
	NEED(!chmod("d/a", 0644) && !truncate("d/a", 1));
	tell_events(fd, "chmod, truncate");
	NEED((f = open("d/a", O_WRONLY | O_TRUNC)) >= 0);
	close(f);
	tell_events(fd, "open with O_TRUNC");
	NEED(!link("d/a", "d/b") && !symlink("a", "d/l"));
	NEED(!mkdir("d/sub", 0755) && !mkfifo("d/fifo", 0644));
	tell_events(fd, "link, symlink, mkdir, mkfifo");
	NEED(!rename("d/a", "d/c"));
	tell_events(fd, "rename");
	NEED(!rename("d/c", "other/c"));
	tell_events(fd, "move away");
	NEED(!rename("other/c", "d/a"));
	tell_events(fd, "move in");
	NEED(!rename("d/a", "d/l"));
	tell_events(fd, "replace");
	NEED(!unlink("d/b") && !unlink("d/fifo") && !rmdir("d/sub"));
	tell_events(fd, "unlink, rmdir");
	NEED(!chmod("d", 0700));
	tell_events(fd, "the directory itself");
	NEED(!unlink("d/l") && !rmdir("d"));
	tell_events(fd, "the end");
	return 0;
}
