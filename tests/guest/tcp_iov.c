// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sendmsg and recvmsg gather and scatter; flags come back clear.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int p[2];
	char a[3] = { 0 }, b[16] = { 0 };
	struct iovec out[2] = { { (char *)"ab", 2 }, { (char *)"cdefg", 5 } }, in[2] = { { a, 2 }, { b,
			15 } };
	struct msghdr m = { .msg_iov = out, .msg_iovlen = 2 };
	tcp_pair(p);
	SHOW(sendmsg(p[0], &m, 0));
	wait_for(p[1], POLLIN);
	m = (struct msghdr){ .msg_iov = in, .msg_iovlen = 2, .msg_flags = 77 };
	SHOW(recvmsg(p[1], &m, 0));
	say("%s %s", a, b);
	SHOW(m.msg_flags);
	SHOW(m.msg_namelen);
	CHECK_ERR(syscall(SYS_sendmsg, p[0], BAD_PTR, 0), EFAULT);
	m.msg_iovlen = 5000;
	CHECK_ERR(sendmsg(p[0], &m, 0), EMSGSIZE);
	return 0;
}
