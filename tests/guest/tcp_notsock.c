// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Socket calls on what is no socket, and file calls on what is one.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	struct sockaddr_in a = addr4(1);
	socklen_t len = sizeof a;
	char c = 0;
	int fd = open("/dev/null", O_RDWR), s = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_ERR(send(fd, &c, 1, 0), ENOTSOCK);
	CHECK_ERR(recv(fd, &c, 1, 0), ENOTSOCK);
	CHECK_ERR(sendto(fd, &c, 1, 0, SA(&a), len), ENOTSOCK);
	CHECK_ERR(getsockname(fd, SA(&a), &len), ENOTSOCK);
	CHECK_ERR(listen(fd, 1), ENOTSOCK);
	CHECK_ERR(send(99, &c, 1, 0), EBADF);
	CHECK_ERR(getsockname(s, BAD_PTR, &len), EFAULT);
	CHECK_ERR(getsockname(s, SA(&a), BAD_PTR), EFAULT);
	CHECK_ERR(lseek(s, 0, SEEK_SET), ESPIPE);
	CHECK_ERR(pread(s, &c, 1, 0), ESPIPE);
	CHECK_ERR(ftruncate(s, 0), EINVAL);
	CHECK_ERR(fsync(s), EINVAL);
	struct stat st;
	SHOW(fstat(s, &st));
	CHECK(S_ISSOCK(st.st_mode));
	return 0;
}
