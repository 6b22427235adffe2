// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Locks of processes: seen, waited for, and gone with a descriptor or the process.
//
// ERROR: yes
#include "child.h"

static int set(int fd, int cmd, int type, int start, int len)
{
	struct flock l = { .l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };
	return fcntl(fd, cmd, &l);
}

int main(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 20 };
	int p[2], q[2];
	t_dir();
	t_file("f", "text");
	NEED(pipe(p) == 0 && pipe(q) == 0);
	int fd = open("f", O_RDWR);
	pid_t pid = FORK(({
		NEED(set(fd, F_SETLK, F_WRLCK, 5, 10) == 0);
		t_put(p[1], 'l');
		t_get(q[0]);
		close(open("f", O_RDONLY));
		t_put(p[1], 'c');
		t_get(q[0]);
		NEED(set(fd, F_SETLK, F_WRLCK, 5, 10) == 0);
		t_put(p[1], 'l');
		t_sleep_ms(20);
		3;
	}));
	t_get(p[0]);
	CHECK_ERR(set(fd, F_SETLK, F_WRLCK, 0, 6), EAGAIN);
	CHECK_ERR(set(fd, F_SETLK, F_RDLCK, 14, 1), EAGAIN);
	CHECK(set(fd, F_SETLK, F_WRLCK, 15, 5) == 0);
	CHECK(fcntl(fd, F_GETLK, &l) == 0);
	CHECK(l.l_type == F_WRLCK && l.l_start == 5 && l.l_len == 10 && l.l_pid == pid);
	t_put(q[1], 'g');
	t_get(p[0]);
	CHECK(set(fd, F_SETLK, F_WRLCK, 0, 6) == 0);
	CHECK(set(fd, F_SETLK, F_UNLCK, 0, 0) == 0);
	t_put(q[1], 'g');
	t_get(p[0]);
	CHECK(set(fd, F_SETLKW, F_WRLCK, 0, 6) == 0);
	t_reap("child", pid);
	t_reap("not inherited", FORK(set(fd, F_SETLK, F_WRLCK, 0, 6) == -1 && errno == EAGAIN));
	return 0;
}
