// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Messages without stdio; see text.h.
#include "text.h"

#include <string.h>
#include <unistd.h>

void text_init(struct text *t, char *buf, size_t cap)
{
	t->buf = buf;
	t->cap = cap;
	t->len = 0;
	buf[0] = '\0';
}

void text_mem(struct text *t, const char *s, size_t n)
{
	size_t room = t->cap - 1 - t->len;

	if (n > room)
		n = room;
	memcpy(t->buf + t->len, s, n);
	t->len += n;
	t->buf[t->len] = '\0';
}

void text_str(struct text *t, const char *s)
{
	text_mem(t, s, strlen(s));
}

void text_num(struct text *t, uint32_t n)
{
	char digits[10];
	size_t i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	text_mem(t, digits + i, sizeof(digits) - i);
}

static void text_octet(struct text *t, uint8_t c)
{
	char s[4] = { '\\', (char)('0' + c / 100), (char)('0' + c / 10 % 10),
		      (char)('0' + c % 10) };

	if (c <= ' ' || c >= 127) {
		text_mem(t, s, 4);
		return;
	}
	s[1] = (char)c;
	if (strchr(".\\\"();@$", c))
		text_mem(t, s, 2);
	else
		text_mem(t, s + 1, 1);
}

void text_name(struct text *t, const uint8_t *wire)
{
	if (!*wire)
		text_str(t, ".");
	for (; *wire; wire += *wire + 1) {
		for (unsigned i = 1; i <= *wire; i++)
			text_octet(t, wire[i]);
		text_str(t, ".");
	}
}

void text_put(const struct text *t, int fd)
{
	size_t done = 0;
	ssize_t n;

	while (done < t->len && (n = write(fd, t->buf + done, t->len - done)) > 0)
		done += (size_t)n;
}
