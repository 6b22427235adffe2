// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// openat2: paths that keep within their limits.
#include "t.h"

struct how { unsigned long flags, mode, resolve; char more[40]; };

#define NO_XDEV 1
#define NO_MAGICLINKS 2
#define NO_SYMLINKS 4
#define BENEATH 8
#define IN_ROOT 16
#define CACHED 32

// The first bytes of what is opened, for the report.
static void open_and_say(int dir, const char *path, unsigned long flags, unsigned long resolve)
{
	struct how how = { .flags = flags, .mode = flags & O_CREAT ? 0640 : 0, .resolve = resolve };
	int fd = (int)syscall(SYS_openat2, dir, path, &how, 24 + (resolve & 7) * 8);
	char buf[16] = "";

	if (fd < 0)
		say("%s %lx: %s", path, resolve, err_name(errno));
	else
		say("%s %lx: opened, %s", path, resolve, read(fd, buf, 8) > 0 ? buf : "nothing");
	if (fd >= 0)
		close(fd);
}

int main(void)
{
	struct stat st;
	int dir;

	t_dir();
	NEED(mkdir("d", 0755) == 0 && mkdir("d/e", 0755) == 0);
	t_file("out", "outside");
	t_file("d/in", "inside");
	t_file("d/out", "d/out");
	NEED(symlink("in", "d/near") == 0 && symlink("/in", "d/abs") == 0);
	NEED(symlink("../../../out", "d/e/up") == 0 && symlink("../in", "d/e/back") == 0);
	dir = open("d", O_PATH | O_DIRECTORY);
	NEED(dir >= 0);
	open_and_say(dir, "in", O_RDONLY, 0);
	open_and_say(dir, "in", O_RDONLY, NO_SYMLINKS | NO_XDEV | BENEATH | CACHED);
	open_and_say(dir, "near", O_RDONLY, BENEATH | NO_MAGICLINKS);
	open_and_say(dir, "e/../in", O_RDONLY, BENEATH);
	open_and_say(dir, "e/back", O_RDONLY, BENEATH);
	open_and_say(dir, "../out", O_RDONLY, 0);
	open_and_say(dir, "/in", O_RDONLY, IN_ROOT);
	open_and_say(dir, "//../../in", O_RDONLY, IN_ROOT);
	open_and_say(dir, "abs", O_RDONLY, IN_ROOT);
	open_and_say(dir, "e/up", O_RDONLY, IN_ROOT);
	open_and_say(dir, "/", O_RDONLY | O_DIRECTORY, IN_ROOT);
	open_and_say(dir, "near", O_PATH | O_NOFOLLOW, NO_SYMLINKS);
	open_and_say(dir, "new", O_RDWR | O_CREAT | O_EXCL, BENEATH);
	CHECK(stat("d/new", &st) == 0 && (st.st_mode & 07777) == (0640 & ~022));
	open_and_say(AT_FDCWD, "/proc/self/comm", O_RDONLY, NO_MAGICLINKS);
	open_and_say(AT_FDCWD, "d/e/back", O_RDONLY, NO_XDEV);
	return 0;
}
