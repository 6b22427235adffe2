// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Addresses between text and bytes.
//
// ERROR: yes
#include "tnet.h"

int main(void)
{
	struct in_addr a;
	struct in6_addr b;
	char text[64];
	SHOW(inet_pton(AF_INET, "10.1.2.3", &a));
	say("%s", inet_ntop(AF_INET, &a, text, sizeof text));
	SHOW(inet_pton(AF_INET6, "fe80::1:2", &b));
	say("%s", inet_ntop(AF_INET6, &b, text, sizeof text));
	SHOW(inet_pton(AF_INET, "10.1.2.300", &a));
	SHOW(inet_pton(AF_INET6, "1::2::3", &b));
	CHECK_ERR(inet_pton(77, "10.1.2.3", &a), EAFNOSUPPORT);
	CHECK(inet_ntop(AF_INET, &a, text, 3) == NULL && errno == ENOSPC);
	SHOW(ntohl(inet_addr("1.2.3.4")) == 0x01020304);
	return 0;
}
