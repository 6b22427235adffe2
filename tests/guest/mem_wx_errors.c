// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Rights that are not there: running what is only writable, writing to what is only executable, also by system calls, and what a
// descriptor does not allow.
// ERROR: yes
#include "t.h"

static sigjmp_buf out;
static void caught(int signo, siginfo_t *info, void *context) { siglongjmp(out, info->si_code); }

static int run(const void *at)
{
	void (*f)(void);
	int code = sigsetjmp(out, 1);

	memcpy(&f, &at, sizeof(f));
	if (!code)
		f();
	return code;
}

static int write_to(volatile char *at)
{
	int code = sigsetjmp(out, 1);

	if (!code)
		*at = 1;
	return code;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = caught, .sa_flags = SA_SIGINFO };
	unsigned char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = memfd_create("code", 0), ro;
	char path[64], *m;

	CHECK(p != MAP_FAILED && sigaction(SIGSEGV, &sa, NULL) == 0);
	p[0] = p[4096] = 0xc3; // ret
	CHECK(run(p) == 0);
	CHECK(mprotect(p, 4096, PROT_READ | PROT_WRITE) == 0);
	say("run writable: %d", run(p));
	CHECK(run(p + 4096) == 0);
	CHECK(mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0);
	CHECK(run(p) == 0);
	say("write executable: %d", write_to((char *)p));
	CHECK(mprotect(p + 4096, 4096, PROT_READ | PROT_EXEC) == 0);
	CHECK(lseek(fd, 0, SEEK_SET) == 0 && write(fd, "x", 1) == 1 && lseek(fd, 0, SEEK_SET) == 0);
	CHECK_ERR(read(fd, p + 4096, 1), EFAULT);
	CHECK(mprotect(p, 4096, PROT_NONE) == 0);
	say("run nothing: %d", run(p));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ro = open(path, O_RDONLY);
	CHECK(ro >= 0);
	CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED, ro, 0) == MAP_FAILED && errno == EACCES);
	m = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, ro, 0);
	CHECK(m != MAP_FAILED);
	CHECK_ERR(mprotect(m, 4096, PROT_READ | PROT_WRITE), EACCES);
	CHECK_ERR(mprotect(m, 4096, PROT_READ | PROT_WRITE | PROT_EXEC), EACCES);
	say("write read-only: %d", write_to(m));
	return 0;
}
