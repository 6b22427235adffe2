// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names that are taken, missing, too long, or no sockets.
//
// ERROR: yes
#include "tnet.h"

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "sock" }, none = a, file = a;
	t_dir();
	t_file("file", "");
	strcpy(none.sun_path, "none");
	strcpy(file.sun_path, "file");
	int s = socket(AF_UNIX, SOCK_STREAM, 0), t = socket(AF_UNIX, SOCK_STREAM, 0), d = socket(AF_UNIX,
			SOCK_DGRAM, 0);
	CHECK_ERR(connect(s, SA(&none), sizeof none), ENOENT);
	CHECK_ERR(connect(s, SA(&file), sizeof file), ECONNREFUSED);
	CHECK_ERR(bind(s, SA(&file), sizeof file), EADDRINUSE);
	SHOW(bind(s, SA(&a), sizeof a));
	CHECK_ERR(bind(t, SA(&a), sizeof a), EADDRINUSE);
	CHECK_ERR(bind(s, SA(&none), sizeof none), EINVAL);
	CHECK_ERR(connect(t, SA(&a), sizeof a), ECONNREFUSED);
	SHOW(listen(s, 1));
	CHECK_ERR(connect(d, SA(&a), sizeof a), EPROTOTYPE);
	CHECK_ERR(connect(t, SA(&a), 1), EINVAL);
	CHECK_ERR(bind(t, SA(&a), 1000), EINVAL);
	CHECK_ERR(open("sock", O_RDWR), ENXIO);
	strcpy(none.sun_path, "no/dir");
	CHECK_ERR(bind(t, SA(&none), sizeof none), ENOENT);
	return 0;
}
