// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// statx by system call: the mask, mode, size and times agree with stat.
#include "t.h"

// linux/stat.h, which musl's headers lack.
struct t_statx {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, pad;
	uint64_t ino, size, blocks, attributes_mask;
	struct { int64_t sec; uint32_t nsec, pad; } atime, btime, ctime, mtime;
	uint64_t rest[16];
};

int main(void)
{
	struct t_statx sx;
	struct stat st;
	t_dir();
	umask(0);
	t_file("a", "1234567");
	NEED(chmod("a", 0604) == 0 && stat("a", &st) == 0);
	SHOW(syscall(SYS_statx, AT_FDCWD, "a", 0, 0x7ff, &sx));
	say("mode %o size %d nlink %d", sx.mode, (int)sx.size, (int)sx.nlink);
	CHECK((sx.mask & 0x7ff) == 0x7ff);
	CHECK(sx.ino == st.st_ino);
	CHECK(sx.mtime.sec == st.st_mtim.tv_sec && sx.mtime.nsec == st.st_mtim.tv_nsec);
	int fd = open("a", O_RDONLY);
	memset(&sx, 0, sizeof sx);
	SHOW(syscall(SYS_statx, fd, "", 0x1000 /* AT_EMPTY_PATH */, 0x7ff, &sx));
	SHOW(sx.size);
	NEED(symlink("a", "l") == 0);
	SHOW(syscall(SYS_statx, AT_FDCWD, "l", AT_SYMLINK_NOFOLLOW, 0x7ff, &sx));
	say("type %o", sx.mode & S_IFMT);
	return 0;
}
