// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// FIONBIO and FIOCLEX change the flags that fcntl shows.
#include "t.h"

int main(void)
{
	int p[2], on = 1, off = 0;
	NEED(pipe(p) == 0);
	SHOW(ioctl(p[0], FIONBIO, &on));
	SHOW(!!(fcntl(p[0], F_GETFL) & O_NONBLOCK));
	SHOW(!!(fcntl(p[1], F_GETFL) & O_NONBLOCK));
	SHOW(ioctl(p[0], FIONBIO, &off));
	SHOW(!!(fcntl(p[0], F_GETFL) & O_NONBLOCK));
	SHOW(ioctl(p[1], FIOCLEX));
	SHOW(fcntl(p[1], F_GETFD));
	SHOW(ioctl(p[1], FIONCLEX));
	SHOW(fcntl(p[1], F_GETFD));
	return 0;
}
