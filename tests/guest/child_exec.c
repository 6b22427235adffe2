// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// execve: what a process keeps and what it begins anew.
//
// STATUS: 9
#include "child.h"

static void nothing(int sig) { (void)sig; }

static int second(int argc, char **argv)
{
	struct sigaction sa;
	sigset_t set;
	char buf[8] = "";
	for (int i = 0; i < argc; i++)
		if (i != 2)
			say("argv[%d] = %s", i, argv[i]);
	for (char **e = environ; *e; e++)
		say("env %s", *e);
	CHECK(getpid() == atoi(argv[2]));
	sigaction(SIGUSR1, NULL, &sa);
	CHECK(sa.sa_handler == SIG_DFL);
	sigaction(SIGUSR2, NULL, &sa);
	CHECK(sa.sa_handler == SIG_IGN);
	sigprocmask(SIG_BLOCK, NULL, &set);
	CHECK(sigismember(&set, SIGHUP) && !sigismember(&set, SIGTERM));
	sigpending(&set);
	CHECK(sigismember(&set, SIGHUP));
	CHECK(fcntl(10, F_GETFD) == 0);
	CHECK_ERR(fcntl(11, F_GETFD), EBADF);
	NEED(read(10, buf, 3) == 3);
	say("read on: %s", buf);
	CHECK(umask(0) == 0123);
	CHECK(alarm(0) > 90);
	stack_t ss;
	sigaltstack(NULL, &ss);
	CHECK(ss.ss_flags == SS_DISABLE);
	return 9;
}

int main(int argc, char **argv)
{
	char pid[16], buf[4] = "", *args[] = { "name", "second", pid, "", "last one", NULL },
	     *env[] = { "A=1", "B=", NULL };
	sigset_t set;
	if (argc > 1)
		return second(argc, argv);
	snprintf(pid, sizeof pid, "%d", getpid());
	t_dir();
	t_file("f", "abcdef");
	NEED(dup2(open("f", O_RDONLY), 10) == 10 && fcntl(10, F_DUPFD_CLOEXEC, 11) == 11);
	NEED(read(11, buf, 3) == 3);
	signal(SIGUSR1, nothing);
	signal(SIGUSR2, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGHUP);
	umask(0123);
	alarm(100);
	stack_t ss = { .ss_sp = malloc(65536), .ss_size = 65536 };
	sigaltstack(&ss, NULL);
	execve(SELF, args, env);
	say("execve: %s", err_name(errno));
	return 1;
}
