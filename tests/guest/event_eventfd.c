// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// An eventfd adds up writes; a read takes all, or one as a semaphore.
#include "t.h"
#include <sys/eventfd.h>

int main(void)
{
	uint64_t n = 3;
	int fd = eventfd(2, EFD_CLOEXEC);
	SHOW(write(fd, &n, 8));
	SHOW(read(fd, &n, 8));
	SHOW(n);
	int sem = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	SHOW(read(sem, &n, 8));
	SHOW(n);
	SHOW(read(sem, &n, 8));
	SHOW(n);
	CHECK_ERR(read(sem, &n, 8), EAGAIN);
	SHOW(eventfd_write(sem, 7));
	struct pollfd f = { sem, POLLIN | POLLOUT, 0 };
	SHOW(poll(&f, 1, 0));
	SHOW(f.revents);
	return 0;
}
