// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the end-to-end tests run inside: an ordinary Linux program whose first argument says what it does.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

static unsigned char buffer[65536];

static void say(const char *text)
{
	dprintf(1, "%s\n", text);
}

// The CRC of zlib, so that both sides can tell what went through.
static uint32_t add_sum(uint32_t sum, const unsigned char *p, size_t n)
{
	static uint32_t table[256];

	for (uint32_t i = 0; !table[255] && i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320 : 0);
	}
	sum = ~sum;
	for (size_t i = 0; i < n; i++)
		sum = table[(sum ^ p[i]) & 255] ^ sum >> 8;
	return ~sum;
}

static int do_exit(char **v)
{
	return atoi(v[0]);
}

static int do_print(char **v)
{
	dprintf(1, "%s", v[0]);
	dprintf(2, "%s", v[1]);
	return 0;
}

static int do_list(char **v)
{
	for (; *v; v++)
		printf("[%s]\n", *v);
	return 0;
}

static int do_env(char **v)
{
	return do_list(environ);
}

static int do_kill(char **v)
{
	kill(getpid(), atoi(v[0]));
	return 99;
}

__attribute__((noinline)) static int write_to_nowhere(volatile int *p)
{
	*p = 1;
	return *p;
}

static int do_fault(char **v)
{
	return write_to_nowhere((int *)strtoul(v[0], NULL, 0)) + 1;
}

static int do_divide(char **v)
{
	volatile int seven = 7, zero = 0;

	return seven / zero;
}

static int do_cat(char **v)
{
	ssize_t n;

	while ((n = read(0, buffer, sizeof(buffer))) > 0) {
		for (ssize_t at = 0, w; at < n; at += w) {
			w = write(1, buffer + at, (size_t)(n - at));
			if (w < 0)
				return 3;
		}
	}
	return n ? 4 : 0;
}

static int do_sum(char **v)
{
	uint32_t sum = 0;
	uint64_t total = 0;
	ssize_t n;

	while ((n = read(0, buffer, sizeof(buffer))) > 0) {
		sum = add_sum(sum, buffer, (size_t)n);
		total += (uint64_t)n;
	}
	printf("%llu %08x %d\n", (unsigned long long)total, sum, n ? errno : 0);
	return 0;
}

static int do_lines(char **v)
{
	signal(SIGPIPE, v[0][0] == 'i' ? SIG_IGN : SIG_DFL);
	for (unsigned i = 0;; i++) {
		if (dprintf(1, "line %u\n", i) < 0) {
			dprintf(2, "write: %s\n", strerror(errno));
			return 3;
		}
	}
}

static int do_fill(char **v)
{
	memset(buffer, 'x', sizeof(buffer));
	for (long left = atol(v[0]); left > 0; left -= (long)sizeof(buffer)) {
		if (write(1, buffer, sizeof(buffer)) < 0)
			return errno == ENOSPC ? 28 : 3;
	}
	return 0;
}

static int do_tty(char **v)
{
	struct winsize size = { 0 };

	printf("%d %d %d", isatty(0), isatty(1), isatty(2));
	if (!ioctl(0, TIOCGWINSZ, &size))
		printf(" %d x %d", size.ws_row, size.ws_col);
	printf("\n");
	return 0;
}

static volatile sig_atomic_t got;

static void on_signal(int signo)
{
	struct winsize size = { 0 };

	got++;
	if (signo == SIGWINCH && !ioctl(0, TIOCGWINSZ, &size))
		dprintf(1, "got %d: %d x %d\n", signo, size.ws_row, size.ws_col);
	else
		dprintf(1, "got %d\n", signo);
	if (signo == SIGTERM)
		_exit(7);
}

// Tells of every signal that can be sent to it; SIGTERM ends it.
static int do_trap(char **v)
{
	static const int all[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH };

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		signal(all[i], on_signal);
	say("ready");
	for (;;)
		pause();
}

static int do_ignore(char **v)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	say("ready");
	for (;;)
		pause();
}

static int do_wait(char **v)
{
	say("ready");
	for (;;)
		pause();
}

static int do_spin(char **v)
{
	say("ready");
	for (volatile unsigned i = 0;; i++)
		;
}

// Takes memory until there is none.
static int do_eat(char **v)
{
	size_t total = 0;
	char *p;

	while ((p = malloc(1 << 16))) {
		memset(p, 1, 1 << 16);
		total += 1 << 16;
	}
	printf("%s after %zu KiB\n", strerror(errno), total >> 10);
	return 0;
}

// Reserves more than there is, and then uses it.
static int do_touch(char **v)
{
	size_t len = (size_t)atol(v[0]) << 20;
	char *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED) {
		printf("mmap: %s\n", strerror(errno));
		return 0;
	}
	for (size_t at = 0; at < len; at += 4096)
		p[at] = 1;
	printf("touched it all\n");
	return 0;
}

static int do_absent(char **v)
{
	long r = syscall(SYS_kexec_load, 0, 0, 0, 0);

	printf("%ld %d\n", r, errno);
	return 0;
}

static int do_resolve(char **v)
{
	struct addrinfo *list, want = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM };
	char text[64];
	int r = getaddrinfo(v[0], NULL, &want, &list);

	if (r) {
		printf("error: %s\n", gai_strerror(r));
		return 1;
	}
	getnameinfo(list->ai_addr, list->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST);
	printf("%s\n", text);
	return 0;
}

// Connects, sends a line and prints what comes.
static int do_connect(char **v)
{
	struct addrinfo *at, want = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };
	int fd;
	ssize_t n;

	if (getaddrinfo(v[0], v[1], &want, &at))
		return 2;
	fd = socket(at->ai_family, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, at->ai_addr, at->ai_addrlen)) {
		printf("connect: %s\n", strerror(errno));
		return 1;
	}
	write(fd, "hello\n", 6);
	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		write(1, buffer, (size_t)n);
	return 0;
}

static int do_file(char **v)
{
	int fd = open(v[0], 0);
	uint32_t sum = 0;
	ssize_t n;

	if (fd < 0) {
		printf("open: %s\n", strerror(errno));
		return 1;
	}
	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		sum = add_sum(sum, buffer, (size_t)n);
	printf("%08x\n", sum);
	return 0;
}

static int do_date(char **v)
{
	printf("%lld\n", (long long)time(NULL));
	return 0;
}

static const struct {
	const char *name;
	int (*run)(char **v);
	int args;
} verbs[] = {
	{ "exit", do_exit, 1 },     { "print", do_print, 2 },   { "list", do_list, 0 },       { "env", do_env, 0 },
	{ "kill", do_kill, 1 },     { "fault", do_fault, 1 },   { "divide", do_divide, 0 },   { "cat", do_cat, 0 },
	{ "sum", do_sum, 0 },       { "lines", do_lines, 1 },   { "fill", do_fill, 1 },       { "tty", do_tty, 0 },
	{ "trap", do_trap, 0 },     { "ignore", do_ignore, 0 }, { "wait", do_wait, 0 },       { "spin", do_spin, 0 },
	{ "eat", do_eat, 0 },       { "touch", do_touch, 1 },   { "absent", do_absent, 0 },   { "resolve", do_resolve, 1 },
	{ "connect", do_connect, 2 }, { "file", do_file, 1 },     { "date", do_date, 0 },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!strcmp(argv[1], verbs[i].name) && argc - 2 >= verbs[i].args)
			return verbs[i].run(argv + 2);
	}
	dprintf(2, "no such verb\n");
	return 98;
}
