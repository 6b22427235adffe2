// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The search for system calls, on small programs that are compiled here: freestanding ones, where every call is known, and whole ones
// with each C library.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <image/calls.h>

static char dir[] = "/tmp/unit-calls.XXXXXX";
static struct call_set set;

// A program that makes calls with `syscall` alone: exit (60) by itself, and what the body makes.
#define START "void _start(void) { body(); __asm__ volatile(\"mov $60,%eax; xor %edi,%edi; syscall\"); __builtin_unreachable(); }\n"
#define CALL "static inline __attribute__((always_inline)) long call(long n, long a) { long r; __asm__ volatile(\"syscall\" : " \
	"\"=a\"(r) : \"a\"(n), \"D\"(a) : \"rcx\", \"r11\", \"memory\"); return r; }\n"
#define NOINLINE "__attribute__((noinline,noclone,noipa)) "

static void compile(const char *compiler, const char *flags, const char *source)
{
	char command[1024], path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/p.c", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(source, f);
	fclose(f);
	snprintf(command, sizeof(command), "%s -w -static %s -o %s/p %s", compiler, flags, dir, path);
	if (system(command))
		fail_msg("%s", command);
}

static void find(void)
{
	struct failure why = { "" };
	struct program p;
	char path[64];

	snprintf(path, sizeof(path), "%s/p", dir);
	memset(&set, 0, sizeof(set));
	if (program_open(&p, path, &why) || calls_find(&set, &p, &why))
		fail_msg("%s", why.text);
	program_close(&p);
}

// The set is exactly these, at each way to compile.
static void exactly(const char *source, const char *names)
{
	static const char *const ways[] = { "-O0", "-O1", "-O2", "-Os", "-O2 -s", "-O2 -fPIE -static-pie", "-O2 -fno-pie -no-pie -s" };
	char got[4096];

	for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++) {
		char flags[128];

		snprintf(flags, sizeof(flags), "%s -nostdlib -ffreestanding -fno-stack-protector", ways[w]);
		compile("gcc", flags, source);
		find();
		if (set.all) {
			assert_string_equal(names, "all");
			continue;
		}
		got[0] = 0;
		for (unsigned nr = 0; nr < CALLS_MAX; nr++)
			if (set.has[nr])
				strcat(strcat(got, got[0] ? " " : ""), call_name(nr));
		if (strcmp(got, names))
			fail_msg("%s: found \"%s\", not \"%s\"", ways[w], got, names);
	}
}

// The set has these, with no symbols either, and is not everything.
static void at_least(const char *compiler, const char *flags, const char *source, const char *const *names)
{
	for (unsigned strip = 0; strip < 2; strip++) {
		char all_flags[128];

		snprintf(all_flags, sizeof(all_flags), "%s %s", flags, strip ? "-s" : "");
		compile(compiler, all_flags, source);
		find();
		for (const char *const *n = names; *n && !set.all; n++)
			if (!set.has[call_number(*n)])
				fail_msg("%s %s: %s was not found", compiler, all_flags, *n);
		if (!strip)
			assert_false(set.all);
	}
}

static void constants(void **state)
{
	exactly(CALL "static void body(void) { call(39, 0); call(102, 0); }\n" START, "getpid exit getuid");
	assert_int_equal(set.sites, 3);
	exactly("static void body(void) { }\n" START, "exit");
	exactly(CALL "volatile int v; static void body(void) { long n = 39; while (v) { call(n, 0); n = 102; } }\n" START,
		"getpid exit getuid");
}

// push and pop, a byte over a cleared register, subtraction from itself: how assembly makes small numbers.
static void assembly(void **state)
{
	exactly("static void body(void) { __asm__ volatile(\"push $39; pop %%rax; syscall\" ::: \"rax\", \"rcx\", \"r11\", \"memory\"); }\n"
		START, "getpid exit");
	exactly("static void body(void) { __asm__ volatile(\"xor %%eax,%%eax; mov $39,%%al; syscall\" ::: \"rax\", \"rcx\", \"r11\"); }\n"
		START, "getpid exit");
	exactly("static void body(void) { __asm__ volatile(\"sub %%eax,%%eax; syscall\" ::: \"rax\", \"rcx\", \"r11\"); }\n" START,
		"read exit");
	exactly("static void body(void) { __asm__ volatile(\"test %%rax,%%rax; je 1f; jmp 2f; 1: syscall; 2:\" ::: \"rax\", \"rcx\", "
		"\"r11\"); }\n" START, "read exit");
}

// Zeros between functions, an odd number of them, do not swallow the start of the next one.
static void padding(void **state)
{
	exactly("long made(long n);\n__asm__(\".text; .balign 16; ret; .zero 3; made: push %rbp; mov %rsp,%rbp; mov %rdi,%rax; syscall; \"\n"
		"\"pop %rbp; ret\");\nstatic void body(void) { made(39); made(102); }\n" START,
		"getpid exit getuid");
}

static void wrappers(void **state)
{
	exactly(CALL NOINLINE "long two(long a, long n) { return call(n, a); }\n"
		NOINLINE "long one(long n) { return two(1, n); }\n"
		"static void body(void) { one(39); two(0, 102); }\n" START, "getpid exit getuid");
}

static void jumps(void **state)
{
	exactly(CALL "volatile int v; static void body(void) { long n; switch (v) { case 0: n = 39; break; case 1: n = 102; break; "
		"case 2: n = 104; break; case 3: n = 107; break; case 4: n = 108; break; case 5: v = 3; n = 110; break; "
		"case 6: n = 111; break; default: return; } call(n, 0); }\n" START,
		"getpid exit getuid getgid geteuid getegid getppid getpgrp");
}

// What nothing calls and nothing names is never run.
static void dead_code(void **state)
{
	exactly(CALL "__attribute__((used)) " NOINLINE "long unused(long n) { return call(n, 0); }\n"
		"static void body(void) { call(39, 0); }\n" START, "getpid exit");
}

static void has(unsigned nr)
{
	if (!set.all && !set.has[nr])
		fail_msg("%s was not found", call_name(nr));
}

static void function_pointers(void **state)
{
	static const char *const ways[] = { "-O0", "-O2", "-O2 -s", "-O2 -fPIE -static-pie -s" };

	for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++) {
		char flags[128];

		snprintf(flags, sizeof(flags), "%s -nostdlib -ffreestanding -fno-stack-protector", ways[w]);
		compile("gcc", flags, CALL NOINLINE "long by_pointer(long n) { return call(n, 0); }\n"
			"long (*volatile pointer)(long) = by_pointer;\n"
			"static void body(void) { pointer(39); }\n" START);
		find();
		has(39);
		compile("gcc", flags, CALL "struct ctx { long pad, nr; };\n"
			NOINLINE "void do_it(void *p) { struct ctx *c = p; c->pad = call(c->nr, 0); }\n"
			NOINLINE "void each(void (*fn)(void *), void *p) { fn(p); }\n"
			NOINLINE "void set_id(long nr) { struct ctx c = { 0, nr }; each(do_it, &c); }\n"
			"static void body(void) { set_id(105); set_id(106); }\n" START);
		find();
		has(105);
		has(106);
		compile("gcc", flags, CALL "struct cmd { int nr; long a; };\n"
			NOINLINE "void run(struct cmd *c) { call(c->nr, c->a); }\n"
			"static void body(void) { struct cmd c = { 105, 7 }; run(&c); }\n" START);
		find();
		has(105);
	}
}

static void unknown_numbers_are_all(void **state)
{
	exactly(CALL "volatile long v; static void body(void) { call(v, 0); }\n" START, "all");
	exactly(CALL "volatile long v; static void body(void) { call(v * 3 + 1, 0); }\n" START, "all");
	exactly(CALL NOINLINE "long number(void) { static volatile long v; return v + 1; }\n"
		"static void body(void) { call(number(), 0); }\n" START, "all");
	exactly(CALL "volatile long v; " NOINLINE "long go(long n) { return call(n + 1, 0); }\n"
		"static void body(void) { go(39); }\n" START, "all");
	assert_true(set.unknown_at != 0);
	assert_true(set.inet && set.unix_);
}

static void names_the_function_to_blame(void **state)
{
	compile("gcc", "-O2 -nostdlib -fno-stack-protector", CALL "volatile long v; " NOINLINE "void culprit(void) { call(v, 0); }\n"
		"static void body(void) { culprit(); }\n" START);
	find();
	assert_true(set.all);
	assert_string_equal(set.unknown_in, "culprit");
}

static void families(void **state)
{
	const char *flags = "-O2 -nostdlib -fno-stack-protector";

	compile("gcc", flags, CALL "static void body(void) { call(41, 2); }\n" START);
	find();
	assert_true(set.inet && !set.unix_);
	compile("gcc", flags, CALL "static void body(void) { call(41, 10); }\n" START);
	find();
	assert_true(set.inet && !set.unix_);
	compile("gcc", flags, CALL "static void body(void) { call(53, 1); }\n" START);
	find();
	assert_true(!set.inet && set.unix_);
	compile("gcc", flags, CALL "static void body(void) { call(39, 2); }\n" START);
	find();
	assert_true(!set.inet && !set.unix_);
	// From an address that was looked up, while another constant explains the place.
	compile("gcc", flags, CALL NOINLINE "void open_it(short *address, long flags) { call(41, address[0]); }\n"
		"short table[4]; static void body(void) { open_it(table, 5); }\n" START);
	find();
	assert_true(set.inet && set.unix_);
}

#define HEADERS "#include <unistd.h>\n#include <sys/syscall.h>\n#include <pthread.h>\n#include <stdio.h>\n#include <sys/socket.h>\n" \
	"#include <stdlib.h>\n#include <signal.h>\n"

static void with_libc(const char *compiler)
{
	static const char *const usual[] = { "write", "getppid", "exit_group", NULL };
	static const char *const threads[] = { "clone", "futex", "mmap", "exit", "set_robust_list", NULL };
	static const char *const raw[] = { "getpriority", "sync", "exit_group", NULL };
	static const char *const files[] = { "read", "close", "nanosleep", "kill", NULL };
	bool musl = strstr(compiler, "musl");

	at_least(compiler, "-O2", HEADERS "int main(void) { write(1, \"x\", 1); getppid(); return 0; }\n", usual);
	assert_false(set.inet);
	at_least(compiler, "-O2", HEADERS "int main(int c, char **v) { return syscall(c > 1 ? SYS_getpriority : SYS_sync, 0, 0); }\n", raw);
	at_least(compiler, "-O2 -pthread", HEADERS "void *f(void *p) { return p; }\n"
		 "int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); return pthread_join(t, 0); }\n", threads + (musl ? 0 : 1));
	assert_true(set.all || set.has[56] || set.has[435]); // clone or clone3
	at_least(compiler, "-O2", HEADERS "#include <time.h>\nint main(void) { char b; FILE *f = fopen(\"/x\", \"r\"); fgets(&b, 1, f); fclose(f);"
		 " struct timespec t = { 0 }; syscall(SYS_nanosleep, &t, 0); kill(getpid(), 0); return 0; }\n", files);
	at_least(compiler, "-O2", HEADERS "int main(void) { return socket(AF_INET, SOCK_STREAM, 0); }\n", (const char *[]){ "socket", NULL });
	assert_true(set.inet);
	compile(compiler, "-O2", HEADERS "int main(int c, char **v) { return syscall(atoi(v[1])); }\n");
	find();
	assert_true(set.all);
}

static void glibc(void **state) { with_libc("gcc"); }
static void musl(void **state) { with_libc("musl-gcc"); }

static void names(void **state)
{
	assert_string_equal(call_name(0), "read");
	assert_int_equal(call_number("getppid"), 110);
	assert_int_equal(call_number("no_such_call"), -1);
	assert_int_equal(call_number(""), -1);
	assert_null(call_name(CALLS_MAX));
	assert_null(call_name(400)); // a hole in the table
}

static int make_dir(void **state)
{
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/p", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/p.c", dir);
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(constants), cmocka_unit_test(assembly), cmocka_unit_test(padding),
		cmocka_unit_test(wrappers), cmocka_unit_test(jumps),
		cmocka_unit_test(dead_code), cmocka_unit_test(function_pointers), cmocka_unit_test(unknown_numbers_are_all),
		cmocka_unit_test(names_the_function_to_blame), cmocka_unit_test(families), cmocka_unit_test(glibc), cmocka_unit_test(musl),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
