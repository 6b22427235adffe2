// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sendmmsg and recvmmsg pass several datagrams a call.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	char text[4][8] = { "zero", "one", "two", "three" }, got[6][8] = { { 0 } };
	int a = socket(AF_INET, SOCK_DGRAM, 0), b = bound_socket(AF_INET, SOCK_DGRAM);
	struct sockaddr_in to = addr4(port_of(b));
	struct iovec out[4], in[6];
	struct mmsghdr mo[4], mi[6];
	memset(mo, 0, sizeof mo);
	memset(mi, 0, sizeof mi);
	for (int i = 0; i < 4; i++) {
		out[i] = (struct iovec){ text[i], strlen(text[i]) };
		mo[i].msg_hdr = (struct msghdr){ .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &out[i],
				.msg_iovlen = 1 };
	}
	for (int i = 0; i < 6; i++) {
		in[i] = (struct iovec){ got[i], 7 };
		mi[i].msg_hdr = (struct msghdr){ .msg_iov = &in[i], .msg_iovlen = 1 };
	}
	SHOW(sendmmsg(a, mo, 4, 0));
	for (int i = 0; i < 4; i++)
		SHOW(mo[i].msg_len);
	SHOW(recvmmsg(b, mi, 3, 0, NULL));
	wait_for(b, POLLIN);
	SHOW(recvmmsg(b, mi + 3, 3, MSG_DONTWAIT, NULL));
	for (int i = 0; i < 4; i++)
		say("%u %s", mi[i].msg_len, got[i]);
	CHECK_ERR(recvmmsg(b, mi, 1, MSG_DONTWAIT, NULL), EAGAIN);
	return 0;
}
