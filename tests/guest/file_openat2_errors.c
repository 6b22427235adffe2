// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// openat2: what it refuses.
//
// ERROR: yes
#include "t.h"

struct how { unsigned long flags, mode, resolve; char more[40]; };

#define NO_XDEV 1
#define NO_MAGICLINKS 2
#define NO_SYMLINKS 4
#define BENEATH 8
#define IN_ROOT 16
#define CACHED 32
#define TRY(dir, path, f, m, r) \
	((int)syscall(SYS_openat2, dir, path, &(struct how){ .flags = (f), .mode = (m), .resolve = (r) }, 24))

int main(void)
{
	struct how how = { .flags = O_RDONLY };
	char path[40];
	int dir, file;

	t_dir();
	NEED(mkdir("d", 0755) == 0);
	t_file("out", "outside");
	t_file("d/in", "inside");
	NEED(symlink("in", "d/near") == 0 && symlink("/in", "d/abs") == 0);
	NEED(symlink("../out", "d/up") == 0);
	dir = open("d", O_PATH | O_DIRECTORY), file = open("out", O_RDONLY);
	NEED(dir >= 0 && file >= 0);
	CHECK_ERR(syscall(SYS_openat2, dir, "in", &how, 16), EINVAL);
	CHECK_ERR(syscall(SYS_openat2, dir, "in", &how, 5000), E2BIG);
	CHECK_ERR(syscall(SYS_openat2, dir, "in", BAD_PTR, 24), EFAULT);
	how.more[7] = 1;
	CHECK_ERR(syscall(SYS_openat2, dir, "in", &how, 40), E2BIG);
	CHECK_ERR(TRY(dir, "in", 1ul << 40, 0, 0), EINVAL);
	CHECK_ERR(TRY(dir, "in", O_RDONLY, 0, 64), EINVAL);
	CHECK_ERR(TRY(dir, "in", O_RDONLY, 0, BENEATH | IN_ROOT), EINVAL);
	CHECK_ERR(TRY(dir, "in", O_RDONLY, 0644, 0), EINVAL);
	CHECK_ERR(TRY(dir, "x", O_RDWR | O_CREAT, 010644, 0), EINVAL);
	CHECK_ERR(TRY(dir, "x", O_RDONLY | O_TMPFILE, 0600, 0), EINVAL);
	CHECK_ERR(TRY(dir, "in", O_PATH | O_APPEND, 0, 0), EINVAL);
	CHECK_ERR(TRY(dir, "x", O_RDWR | O_CREAT, 0644, CACHED), EAGAIN);
	CHECK_ERR(TRY(dir, "x", O_RDONLY, 0, 0), ENOENT);
	CHECK_ERR(TRY(99, "x", O_RDONLY, 0, 0), EBADF);
	CHECK_ERR(TRY(99, "/x", O_RDONLY, 0, IN_ROOT), EBADF);
	CHECK_ERR(TRY(file, "x", O_RDONLY, 0, BENEATH), ENOTDIR);
	CHECK_ERR(TRY(dir, "near", O_RDONLY, 0, NO_SYMLINKS), ELOOP);
	CHECK_ERR(TRY(dir, "near", O_RDONLY | O_NOFOLLOW, 0, 0), ELOOP);
	CHECK_ERR(TRY(dir, "../out", O_RDONLY, 0, BENEATH), EXDEV);
	CHECK_ERR(TRY(dir, "up", O_RDONLY, 0, BENEATH), EXDEV);
	CHECK_ERR(TRY(dir, "up", O_RDONLY, 0, IN_ROOT), ENOENT);
	CHECK_ERR(TRY(dir, "abs", O_RDONLY, 0, BENEATH), EXDEV);
	CHECK_ERR(TRY(dir, "/in", O_RDONLY, 0, BENEATH), EXDEV);
	CHECK_ERR(TRY(dir, "../d/new", O_RDWR | O_CREAT, 0644, BENEATH), EXDEV);
	CHECK_ERR(access("d/new", F_OK), ENOENT);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	CHECK(open(path, O_RDONLY) >= 0);
	CHECK_ERR(TRY(AT_FDCWD, path, O_RDONLY, 0, NO_MAGICLINKS), ELOOP);
	CHECK_ERR(TRY(AT_FDCWD, path, O_RDONLY, 0, NO_SYMLINKS), ELOOP);
	CHECK_ERR(TRY(AT_FDCWD, "/proc/self/comm", O_RDONLY, 0, NO_XDEV), EXDEV);
	CHECK_ERR(TRY(open("/proc/self", O_PATH), "exe", O_RDONLY, 0, BENEATH), EXDEV);
	return 0;
}
