// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Families, types and protocols that do not fit.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int p[2];
	CHECK_ERR(socket(77, SOCK_STREAM, 0), EAFNOSUPPORT);
	CHECK_ERR(socket(AF_INET, 77, 0), EINVAL);
	CHECK_ERR(socket(AF_INET, SOCK_STREAM | 0x100000, 0), EINVAL);
	CHECK_ERR(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT);
	CHECK_ERR(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP), EPROTONOSUPPORT);
	CHECK_ERR(socket(AF_INET, SOCK_SEQPACKET, 0), ESOCKTNOSUPPORT);
	CHECK_ERR(socketpair(AF_INET, SOCK_STREAM, 0, p), EOPNOTSUPP);
	SHOW(close(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)));
	SHOW(close(socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP)));
	return 0;
}
