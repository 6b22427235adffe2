// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// `pith run --trace`: every system call with its arguments and result, a line each, as strace
// prints them. A call that does not come back is told before it is made. Where trace_args.c is not
// linked, arguments are numbers and paths.
#include <asm-generic/errno.h>

#include <core/console.h>
#include <core/user.h>
#include <linux/dispatch.h>
#include <linux/errnames.h>
#include <linux/process.h>
#include <linux/trace_args.h>

// One character a call number: '0' + number of arguments + 8 * which of them are paths.
static const char shapes[] =
	"33;1:2:33632144034433:1505333333120221304333663323233455500;1421333333333211:233"
	"91J:9:J9J;:2;3;1222113030110020002222333311112224322:;313:2323223111222100333521"
	"290923339323133333333333330333333333333321633333333331333310343421122241443:3333"
	"33333335333330333DCDECDCTU3DCC6512364333D63214424422321444353343331413333333U332"
	"33E333666333E3433333333333333333333333333333333333333333333333333333333333333333"
	"3333333333333333333333333333333333323D3D36333333333";
static const uint8_t path_masks[8] = { 0, 1 << 0, 1 << 1, 1 << 0 | 1 << 1, 1 << 1 | 1 << 3 };

#define LINE 1024 /* one buffer: code of the library OS is not preempted */
#define PATH_SHOWN 64
#define NR_EXECVE 59
#define NR_EXECVEAT 322
#define NR_EXIT 60
#define NR_EXIT_GROUP 231
#define NR_SIGRETURN 15

static size_t put_path(char *buf, size_t size, uint64_t arg)
{
	char path[PATH_SHOWN + 1];
	ssize_t n = string_from_user(path, (const char *)arg, PATH_SHOWN);

	path[PATH_SHOWN] = 0;
	if (n == -14) // EFAULT
		return (size_t)ksnprintf(buf, size, "0x%lx", arg);
	return (size_t)ksnprintf(buf, size, n < 0 ? "\"%s\"..." : "\"%s\"", path);
}

// Small numbers, also negative ones of 32 bits (AT_FDCWD, -1), in decimal; the rest in hexadecimal.
static size_t put_number(char *buf, size_t size, uint64_t arg)
{
	int64_t v = (int64_t)arg;

	if (v >> 32 == 0 && (int32_t)v < 0)
		v = (int32_t)v;
	if (v > -4096 && v < 65536)
		return (size_t)ksnprintf(buf, size, "%ld", v);
	return (size_t)ksnprintf(buf, size, "0x%lx", arg);
}

static size_t put_numbers(char *line, size_t size, const struct trap_frame *f)
{
	const uint64_t args[6] = { f->rdi, f->rsi, f->rdx, f->r10, f->r8, f->r9 };
	unsigned shape = f->nr < sizeof(shapes) - 1 ? (unsigned)(shapes[f->nr] - '0') : 6;
	size_t len = (size_t)ksnprintf(line, size, "%s(", syscall_name((unsigned)f->nr));

	for (unsigned i = 0; i < (shape & 7) && len < size - 1; i++) {
		if (i)
			len += (size_t)ksnprintf(line + len, size - len, ", ");
		if (len >= size - 1)
			break;
		if (path_masks[shape >> 3] & 1 << i)
			len += put_path(line + len, size - len, args[i]);
		else
			len += put_number(line + len, size - len, args[i]);
	}
	return len;
}

// strace, too, names the thread as soon as there is more than one.
static size_t put_thread(char *line, size_t size)
{
	static bool several;

	several = several || percpu()->area->threads > 1;
	return several ? (size_t)ksnprintf(line, size, "pith: [pid %d] ", current()->tid) :
			 (size_t)ksnprintf(line, size, "pith: ");
}

// One line; `result` is shown if the call has come back.
static void tell(const struct trap_frame *f, long result, bool back)
{
	static char line[LINE];
	const size_t room = LINE - 40; // the end of the line always fits
	size_t len = put_thread(line, room), n = 0;

	if (trace_args)
		n = trace_args(line + len, room - len, f, back ? result : -EFAULT);
	if (!n)
		n = put_numbers(line + len, room - len, f);
	len += MIN(n, room - len - 1);
	if (!back)
		len += (size_t)ksnprintf(line + len, LINE - len, ") = ?\n");
	else if (result < 0 && result > -4096)
		len += (size_t)ksnprintf(line + len, LINE - len, ") = -1 %s\n",
					 errno_name((int)-result));
	else if (result >= 1 << 24)
		len += (size_t)ksnprintf(line + len, LINE - len, ") = 0x%lx\n", result);
	else
		len += (size_t)ksnprintf(line + len, LINE - len, ") = %ld\n", result);
	console_write(CONSOLE_ERR, line, len);
}

void trace_call(const struct trap_frame *f)
{
	if (f->nr == NR_EXIT || f->nr == NR_EXIT_GROUP || f->nr == NR_SIGRETURN ||
	    f->nr == NR_EXECVE || f->nr == NR_EXECVEAT)
		tell(f, 0, false);
}

void trace_result(const struct trap_frame *f, long result)
{
	if (f->nr != (uint64_t)-1)
		tell(f, result, true);
}
