// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A client that has connected, written and gone is accepted, named and read all the same.
#include "t.h"
#include <sys/socket.h>
#include <sys/un.h>

int main(void)
{
	struct sockaddr_un server = { AF_UNIX, "server" }, client = { AF_UNIX, "client" }, got;
	socklen_t len = sizeof(got);
	int s = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0), a;
	char buf[8];

	t_dir();
	NEED(!bind(s, (void *)&server, sizeof(server)) && !listen(s, 5));
	NEED(!bind(c, (void *)&client, sizeof(client)) && !connect(c, (void *)&server, sizeof(server)));
	NEED(write(c, "text", 4) == 4 && !close(c));
	CHECK((a = accept(s, (void *)&got, &len)) >= 0);
	say("%s", got.sun_path);
	SHOW(read(a, buf, sizeof(buf)));
	SHOW(read(a, buf, sizeof(buf)));
	len = sizeof(got);
	CHECK(!getpeername(a, (void *)&got, &len));
	say("%s", got.sun_path);
	CHECK_ERR(send(a, "x", 1, MSG_NOSIGNAL), EPIPE);
	return 0;
}
