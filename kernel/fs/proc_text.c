// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Text that grows, for /proc.
#include <fs/procfs.h>
#include <mm/mm.h>

static bool text_room(struct text *t, size_t n)
{
	size_t size = MAX(t->size, 256u);
	char *buf;

	while (size < t->len + n)
		size *= 2;
	if (size > t->size) {
		buf = krealloc(t->buf, size);
		if (!buf) {
			t->failed = true;
			return false;
		}
		t->buf = buf;
		t->size = size;
	}
	return true;
}

void text_bytes(struct text *t, const void *p, size_t n)
{
	if (!text_room(t, n))
		return;
	memcpy(t->buf + t->len, p, n);
	t->len += n;
}

void text_add(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = kvsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !text_room(t, (size_t)n + 1))
		return;
	va_start(ap, fmt);
	kvsnprintf(t->buf + t->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	t->len += (size_t)n;
}
