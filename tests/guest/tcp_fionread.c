// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// FIONREAD on a connection, and FIONBIO.
//
// NET: yes
#include "tnet.h"

int main(void)
{
	int p[2], n = -1, on = 1;
	char buf[8];
	tcp_pair(p);
	SHOW(ioctl(p[1], FIONREAD, &n));
	SHOW(n);
	SHOW(send(p[0], "12345", 5, 0));
	wait_for(p[1], POLLIN);
	SHOW(ioctl(p[1], FIONREAD, &n));
	SHOW(n);
	SHOW(read(p[1], buf, 2));
	SHOW(ioctl(p[1], FIONREAD, &n));
	SHOW(n);
	SHOW(read(p[1], buf, 8));
	SHOW(ioctl(p[1], FIONBIO, &on));
	CHECK_ERR(read(p[1], buf, 8), EAGAIN);
	return 0;
}
