// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Messages of the library OS, and its end when it is at fault itself. Nothing here allocates.
#include <core/console.h>
#include <core/crash.h>
#include <platform/platform.h>

#define LINE 320

static void log_line(const char *fmt, va_list ap)
{
	char line[LINE] = "pith: ";
	int n = kvsnprintf(line + 6, sizeof(line) - 7, fmt, ap);
	size_t len = 6 + MIN((size_t)n, sizeof(line) - 8);

	line[len++] = '\n';
	console_write(CONSOLE_ERR, line, len);
}

void klog(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(fmt, ap);
	va_end(ap);
}

// A second fault while the first is being told ends the instance at once.
static bool panicking;

void kpanic(const char *fmt, ...)
{
	va_list ap;

	if (!panicking) {
		panicking = true;
		va_start(ap, fmt);
		log_line(fmt, ap);
		va_end(ap);
		crash_backtrace((uintptr_t)__builtin_frame_address(0));
	}
	plat->exit(126);
}

void kassert_failed(const char *expr, const char *file, int line)
{
	kpanic("assertion failed in the library OS: %s (%s:%d); this is a bug in pith", expr, file,
	       line);
}

void __stack_chk_fail(void) __attribute__((noreturn));
void __stack_chk_fail(void)
{
	kpanic("a buffer on the library OS's stack overflowed; this is a bug in pith");
}
