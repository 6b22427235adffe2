// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The monitor's sandbox: each case is a child that locks itself in and then tries something. It must work, fail with an errno, or be
// the child's end by SIGSYS.
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <host/state.h>
#include <monitor/sandbox.h>

#define KILLED 1000

static char top[] = "/tmp/pith-sandbox-XXXXXX";
static int top_fd, dir_fd;
static pid_t top_pid;

static struct sandbox box(bool sockets, bool edits)
{
	return (struct sandbox){ .dir_fd = dir_fd, .all_fd = top_fd, .net_dir_fd = -1, .net_all_fd = -1,
				 .sockets = sockets, .edits = edits };
}

// Gives what `try` gave in the sandbox (0, or an errno), or KILLED. System calls are made directly, so that libc adds none.
static int in_sandbox(struct sandbox s, long (*try)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct failure why;

		if (sandbox_enter(&s, &why))
			syscall(SYS_exit_group, 200);
		syscall(SYS_exit_group, try() < 0 ? errno : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGSYS);
		return KILLED;
	}
	assert_int_not_equal(WEXITSTATUS(status), 200);
	return WEXITSTATUS(status);
}

static long try_nothing(void) { return 0; }
static long try_write(void) { return syscall(SYS_write, 2, "", 0); }
static long try_mmap(void) { return syscall(SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
static long try_mmap_exec(void) { return syscall(SYS_mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
static long try_mprotect(void) { return syscall(SYS_mprotect, 0, 0, PROT_READ); }
static long try_mprotect_exec(void) { return syscall(SYS_mprotect, 0, 0, PROT_READ | PROT_EXEC); }
static long try_open(void) { return syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY); }
static long try_old_open(void) { return syscall(SYS_open, "/etc/passwd", O_RDONLY); }
static long try_exec(void) { return syscall(SYS_execve, "/bin/true", NULL, NULL); }
static long try_fork(void) { return syscall(SYS_fork); }
static long try_clone(void) { return syscall(SYS_clone, 0, 0, 0, 0, 0); }
static long try_socket(void) { return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); }
static long try_kill(void) { return syscall(SYS_kill, top_pid, 0); }
static long try_ptrace(void) { return syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0); }
static long try_setuid(void) { return syscall(SYS_setuid, 0); }
static long try_ioctl(void) { return syscall(SYS_ioctl, 0, TIOCSTI, "x"); }
static long try_winsize(void) { struct winsize w; syscall(SYS_ioctl, 0, TIOCGWINSZ, &w); return 0; }
static long try_remove_own(void) { return syscall(SYS_unlinkat, dir_fd, "file", 0); }
static long try_remove_other(void) { return syscall(SYS_unlinkat, top_fd, "other", 0); }
static long try_remove_dir(void) { return syscall(SYS_unlinkat, top_fd, "empty", AT_REMOVEDIR); }
static long try_x32(void) { return syscall(0x40000000 | SYS_write, 2, "", 0); }

static void allows(void **state)
{
	assert_int_equal(in_sandbox(box(false, false), try_nothing), 0);
	assert_int_equal(in_sandbox(box(false, false), try_write), 0);
	assert_int_equal(in_sandbox(box(false, false), try_mmap), 0);
	assert_int_equal(in_sandbox(box(false, false), try_winsize), 0);
	assert_int_equal(in_sandbox(box(false, true), try_mprotect), 0);
	assert_int_equal(in_sandbox(box(true, false), try_socket), 0);
	// The one process that may be killed; here it is the parent, which nobody may not.
	assert_int_equal(in_sandbox((struct sandbox){ -1, -1, -1, -1, .child = top_pid }, try_kill), geteuid() ? 0 : EPERM);
}

static void kills(void **state)
{
	long (*const forbidden[])(void) = {
		try_mmap_exec, try_mprotect, try_open, try_old_open, try_exec, try_fork, try_clone, try_socket, try_kill, try_ptrace,
		try_setuid, try_ioctl, try_x32,
	};

	for (unsigned i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		assert_int_equal(in_sandbox(box(false, false), forbidden[i]), KILLED);
	assert_int_equal(in_sandbox(box(false, true), try_mprotect_exec), KILLED);
	assert_int_equal(in_sandbox(box(true, true), try_exec), KILLED);
	assert_int_equal(in_sandbox(box(true, true), try_kill), KILLED);
	assert_int_equal(in_sandbox((struct sandbox){ -1, -1, -1, -1, .child = 1 }, try_kill), KILLED);
}

static bool has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, 1) > 0;
}

static void files(void **state)
{
	if (!has_landlock())
		skip();
	assert_int_equal(in_sandbox(box(true, false), try_open), EACCES);
	assert_int_equal(in_sandbox(box(false, false), try_remove_other), EACCES);
	assert_int_equal(in_sandbox(box(false, false), try_remove_own), 0);
	assert_int_equal(in_sandbox(box(false, false), try_remove_dir), 0);
	assert_int_equal(faccessat(top_fd, "other", F_OK, 0), 0);
}

// The folders of a named network are treated like the instance's.
static void files_of_a_network(void **state)
{
	struct sandbox s = { -1, -1, .net_dir_fd = dir_fd, .net_all_fd = top_fd };

	if (!has_landlock())
		skip();
	close(openat(dir_fd, "file", O_CREAT | O_WRONLY, 0600));
	assert_int_equal(mkdirat(top_fd, "empty", 0700), 0);
	assert_int_equal(in_sandbox(s, try_remove_other), EACCES);
	assert_int_equal(in_sandbox(s, try_remove_own), 0);
	assert_int_equal(in_sandbox(s, try_remove_dir), 0);
}

// As host/state.c does: where root is the user the sandbox has become nobody.
static int share(int fd)
{
	return geteuid() ? 0 : fchown(fd, 0, STATE_NOBODY) | fchmod(fd, 0770);
}

static int setup(void **state)
{
	top_pid = getpid();
	assert_non_null(mkdtemp(top));
	top_fd = open(top, O_RDONLY | O_DIRECTORY);
	assert_int_equal(mkdirat(top_fd, "own", 0700) | mkdirat(top_fd, "empty", 0700), 0);
	dir_fd = openat(top_fd, "own", O_RDONLY | O_DIRECTORY);
	assert_int_equal(share(top_fd) | share(dir_fd), 0);
	close(openat(dir_fd, "file", O_CREAT | O_WRONLY, 0600));
	close(openat(top_fd, "other", O_CREAT | O_WRONLY, 0600));
	return 0;
}

static int teardown(void **state)
{
	unlinkat(dir_fd, "file", 0);
	unlinkat(top_fd, "other", 0);
	unlinkat(top_fd, "own", AT_REMOVEDIR);
	unlinkat(top_fd, "empty", AT_REMOVEDIR);
	close(dir_fd);
	close(top_fd);
	return rmdir(top);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(allows), cmocka_unit_test(kills), cmocka_unit_test(files), cmocka_unit_test(files_of_a_network) };

	return cmocka_run_group_tests(tests, setup, teardown);
}
