// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What cannot be executed, and that the caller goes on.
//
// ERROR: yes
#include "child.h"

static char *args[] = { "x", NULL };

static void big(void)
{
	size_t n = 200000;
	char *s = malloc(n), *list[] = { "x", s, NULL };
	memset(s, 'a', n - 1);
	s[n - 1] = 0;
	CHECK_ERR(execve(SELF, list, NULL), E2BIG);
}

int main(void)
{
	char longname[300];
	t_dir();
	memset(longname, 'n', sizeof longname);
	longname[299] = 0;
	t_file("plain", "not a program\n");
	t_file("empty", "");
	t_file("script", "#!/does/not/exist\n");
	t_file("bare", "#!\n");
	t_file("elf", "\177ELF\2\1\1");
	chmod("empty", 0755), chmod("script", 0755), chmod("bare", 0755), chmod("elf", 0755);
	CHECK_ERR(execve("none", args, NULL), ENOENT);
	CHECK_ERR(execve("", args, NULL), ENOENT);
	CHECK_ERR(execve("plain", args, NULL), EACCES);
	chmod("plain", 0755);
	CHECK_ERR(execve("plain", args, NULL), ENOEXEC);
	CHECK_ERR(execve("empty", args, NULL), ENOEXEC);
	CHECK_ERR(execve("elf", args, NULL), ENOEXEC);
	CHECK_ERR(execve("script", args, NULL), ENOENT);
	CHECK_ERR(execve("bare", args, NULL), ENOEXEC);
	CHECK_ERR(execve(".", args, NULL), EACCES);
	CHECK_ERR(execve("plain/x", args, NULL), ENOTDIR);
	CHECK_ERR(execve(longname, args, NULL), ENAMETOOLONG);
	symlink("loop", "loop");
	CHECK_ERR(execve("loop", args, NULL), ELOOP);
	CHECK_ERR(execve(BAD_PTR, args, NULL), EFAULT);
	CHECK_ERR(execve(SELF, BAD_PTR, NULL), EFAULT);
	CHECK_ERR(syscall(SYS_execve, SELF, ((char *[]){ BAD_PTR, NULL }), NULL), EFAULT);
	CHECK_ERR(syscall(SYS_execveat, AT_FDCWD, SELF, args, NULL, 0x4000), EINVAL);
	CHECK_ERR(syscall(SYS_execveat, 77, "plain", args, NULL, 0), EBADF);
	CHECK_ERR(syscall(SYS_execveat, AT_FDCWD, "loop", args, NULL, AT_SYMLINK_NOFOLLOW), ELOOP);
	big();
	return 0;
}
