// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What seals forbid, and seals that cannot be set.
//
// ERROR: yes
#include "t.h"

#define ADD 1033 /* F_ADD_SEALS */
#define GET 1034

static int sealed(unsigned seals)
{
	int fd = (int)syscall(SYS_memfd_create, "x", 2 /* MFD_ALLOW_SEALING */);

	NEED(fd >= 0 && ftruncate(fd, 5000) == 0 && fcntl(fd, ADD, seals) == 0);
	return fd;
}

int main(void)
{
	int plain = (int)syscall(SYS_memfd_create, "y", 0), fd = sealed(0), ro, p[2];
	char buf[8192] = "", path[64], *m;

	NEED(plain >= 0 && pipe(p) == 0);
	CHECK_ERR(syscall(SYS_memfd_create, "x", 8 | 16), EINVAL);
	CHECK_ERR(syscall(SYS_memfd_create, "x", 0x40), EINVAL);
	CHECK_ERR(fcntl(plain, ADD, 2), EPERM);
	CHECK_ERR(fcntl(p[1], ADD, 2), EINVAL);
	CHECK_ERR(fcntl(p[0], ADD, 2), EPERM);
	CHECK_ERR(fcntl(p[0], GET), EINVAL);
	CHECK_ERR(fcntl(99, GET), EBADF);
	CHECK_ERR(fcntl(fd, ADD, 0x1000), EINVAL);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ro = open(path, O_RDONLY);
	CHECK(ro >= 0);
	CHECK_ERR(fcntl(ro, ADD, 2), EPERM);
	m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	NEED(m != MAP_FAILED);
	CHECK_ERR(fcntl(fd, ADD, 8), EBUSY);
	SHOW(fcntl(fd, GET));
	CHECK(munmap(m, 4096) == 0 && fcntl(fd, ADD, 8) == 0);
	CHECK_ERR(write(fd, "x", 1), EPERM);
	CHECK_ERR((int)(long)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), EPERM);
	CHECK_ERR(fallocate(fd, 3, 0, 4096), EPERM);
	m = mmap(NULL, 4096, PROT_READ, MAP_SHARED, ro, 0);
	NEED(m != MAP_FAILED);
	CHECK_ERR(mprotect(m, 4096, PROT_READ | PROT_WRITE), EACCES);

	fd = sealed(2 | 4);
	CHECK_ERR(ftruncate(fd, 4999), EPERM);
	CHECK_ERR(ftruncate(fd, 5001), EPERM);
	CHECK_ERR(pwrite(fd, buf, 1, 5000), EPERM);
	CHECK_ERR(pwrite(fd, buf, 8192, 4096), EPERM);
	CHECK_ERR(fallocate(fd, 0, 0, 8192), EPERM);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK_ERR(open(path, O_RDWR | O_TRUNC), EPERM);
	fd = sealed(1);
	CHECK_ERR(fcntl(fd, ADD, 2), EPERM);
	fd = sealed(16);
	CHECK_ERR(pwrite(fd, buf, 1, 0), EPERM);
	CHECK_ERR((int)(long)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), EPERM);
	return 0;
}
