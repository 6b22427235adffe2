// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /proc of other processes: names, states, descriptors, links; and of one that is gone.
//
// LINK: static-pie
#include "child.h"
#include <dirent.h>

static char state_of(pid_t pid)
{
	char path[64], text[512], *end;
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	int fd = open(path, O_RDONLY);
	NEED(fd >= 0);
	ssize_t n = read(fd, text, sizeof text - 1);
	NEED(n > 0 && close(fd) == 0);
	text[n] = 0;
	end = strrchr(text, ')');
	NEED(end);
	return end[2];
}

static bool listed(pid_t pid)
{
	DIR *d = opendir("/proc");
	bool found = false;
	NEED(d);
	for (struct dirent *e; (e = readdir(d));)
		found |= atoi(e->d_name) == pid;
	closedir(d);
	return found;
}

int main(int argc, char **argv)
{
	char path[64], mine[256], text[256], *args[] = { "named", "one", "", NULL };
	int p[2];
	if (argc > 1) {
		t_put(31, 'r');
		return t_get(30);
	}
	t_dir();
	NEED(pipe(p) == 0 && dup2(p[0], 30) == 30 && pipe(p) == 0 && dup2(p[1], 31) == 31);
	int go = p[1];
	NEED(pipe(p) == 0 && dup2(p[0], 30) == 30);
	go = p[1];
	int ready[2];
	NEED(pipe(ready) == 0 && dup2(ready[1], 31) == 31);
	pid_t pid = FORK((dup2(open("/dev/null", O_RDONLY), 40), execve(SELF, args, environ), 1));
	t_get(ready[0]);
	CHECK(listed(pid));
	snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, text, sizeof text);
	CHECK(n == 11 && !memcmp(text, "named\0one\0\0", 11));
	snprintf(path, sizeof path, "/proc/%d/fd/40", pid);
	n = readlink(path, text, sizeof text - 1);
	NEED(n > 0);
	text[n] = 0;
	say("%s", text);
	snprintf(path, sizeof path, "/proc/%d/cwd", pid);
	n = readlink(path, text, sizeof text - 1);
	NEED(n > 0);
	text[n] = 0;
	CHECK(!strcmp(text, getcwd(mine, sizeof mine)));
	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	n = readlink(path, text, sizeof text);
	CHECK(n > 0 && n == readlink(SELF, mine, sizeof mine) && !memcmp(text, mine, n));
	t_put(go, 3);
	siginfo_t si;
	waitid(P_PID, (id_t)pid, &si, WEXITED | WNOWAIT);
	CHECK(state_of(pid) == 'Z');
	t_reap("child", pid);
	CHECK(!listed(pid));
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	CHECK_ERR(open(path, O_RDONLY), ENOENT);
	lseek(fd, 0, SEEK_SET);
	CHECK_ERR(read(fd, text, sizeof text), ESRCH);
	return 0;
}
