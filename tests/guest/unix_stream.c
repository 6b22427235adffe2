// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A stream socket at a path: connect, accept, talk, and the file that it leaves.
#include "tnet.h"

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "sock" }, peer;
	socklen_t len = sizeof peer;
	struct stat st;
	char buf[16] = { 0 };
	t_dir();
	int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(bind(l, SA(&a), sizeof a));
	SHOW(listen(l, 5));
	SHOW(connect(c, SA(&a), sizeof a));
	int s = accept(l, SA(&peer), &len);
	CHECK(s >= 0);
	SHOW(len);
	SHOW(write(c, "hello", 5));
	SHOW(read(s, buf, 16));
	say("%s", buf);
	len = sizeof peer;
	SHOW(getpeername(c, SA(&peer), &len));
	say("%s", peer.sun_path);
	NEED(lstat("sock", &st) == 0);
	CHECK(S_ISSOCK(st.st_mode));
	SHOW(close(s));
	SHOW(read(c, buf, 16));
	SHOW(close(l));
	CHECK_ERR(connect(socket(AF_UNIX, SOCK_STREAM, 0), SA(&a), sizeof a), ECONNREFUSED);
	SHOW(unlink("sock"));
	return 0;
}
