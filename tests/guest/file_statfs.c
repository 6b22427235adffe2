// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// statfs says by its number what kind of file system a file is on.
#include "t.h"
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/statfs.h>

static unsigned long kind(const char *path)
{
	struct statfs s;

	NEED(statfs(path, &s) == 0 && s.f_namelen == 255 && s.f_bsize == 4096);
	return (unsigned long)s.f_type;
}

static unsigned long fd_kind(int fd)
{
	struct statfs s;

	NEED(fd >= 0 && fstatfs(fd, &s) == 0);
	return (unsigned long)s.f_type;
}

int main(void)
{
	struct statfs s;
	struct stat proc, sys;
	int p[2];

	NEED(pipe(p) == 0);
	say("/proc %lx, in it %lx", kind("/proc"), kind("/proc/self/status"));
	say("/sys %lx, in it %lx", kind("/sys"), kind("/sys/devices/system/cpu/online"));
	say("/dev/shm %lx", kind("/dev/shm"));
	say("pipe %lx", fd_kind(p[0]));
	say("socket %lx", fd_kind(socket(AF_UNIX, SOCK_STREAM, 0)));
	say("eventfd %lx", fd_kind(eventfd(0, 0)));
	say("memfd %lx", fd_kind((int)syscall(SYS_memfd_create, "x", 0)));
	say("/proc open %lx, by O_PATH %lx", fd_kind(open("/proc/self", O_RDONLY)),
	    fd_kind(open("/proc/self/maps", O_PATH)));
	CHECK(statfs("/proc", &s) == 0 && s.f_blocks == 0 && s.f_bfree == 0);
	CHECK(statfs("/tmp", &s) == 0 && s.f_blocks > 0 && s.f_bavail <= s.f_blocks);
	CHECK(stat("/proc", &proc) == 0 && stat("/sys", &sys) == 0 && proc.st_dev != sys.st_dev);
	return 0;
}
