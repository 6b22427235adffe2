// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Slices and texts; see text.h.
#include "text.h"

#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

bool slice_is(struct slice s, const char *text)
{
	return s.len == strlen(text) && !memcmp(s.at, text, s.len);
}

bool slice_is_nocase(struct slice s, const char *text)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!text[i] || lower(s.at[i]) != lower(text[i]))
			return false;
	}
	return !text[s.len];
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

struct slice slice_trim(struct slice s)
{
	while (s.len && blank(s.at[0]))
		s = (struct slice){ s.at + 1, s.len - 1 };
	while (s.len && blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

bool slice_item(struct slice *list, struct slice *item)
{
	while (list->len) {
		const char *comma = memchr(list->at, ',', list->len);
		size_t n = comma ? (size_t)(comma - list->at) : list->len;
		size_t used = comma ? n + 1 : n;

		*item = slice_trim((struct slice){ list->at, n });
		*list = (struct slice){ list->at + used, list->len - used };
		if (item->len)
			return true;
	}
	return false;
}

bool slice_number(struct slice *s, uint64_t *n)
{
	size_t i = 0;

	for (*n = 0; i < s->len && s->at[i] >= '0' && s->at[i] <= '9'; i++) {
		if (__builtin_mul_overflow(*n, 10, n) ||
		    __builtin_add_overflow(*n, (uint64_t)(s->at[i] - '0'), n)) {
			*n = UINT64_MAX;
			while (i < s->len && s->at[i] >= '0' && s->at[i] <= '9')
				i++;
			break;
		}
	}
	*s = (struct slice){ s->at + i, s->len - i };
	return i > 0;
}

void text_mem(struct text *t, const char *s, size_t n)
{
	if (n > t->cap - t->len) {
		n = t->cap - t->len;
		t->cut = true;
	}
	memcpy(t->at + t->len, s, n);
	t->len += n;
}

void text_str(struct text *t, const char *s)
{
	text_mem(t, s, strlen(s));
}

static void number(struct text *t, uint64_t n, unsigned base)
{
	char digits[20];
	size_t i = sizeof(digits);

	do {
		digits[--i] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	text_mem(t, digits + i, sizeof(digits) - i);
}

void text_num(struct text *t, uint64_t n)
{
	number(t, n, 10);
}

void text_hex(struct text *t, uint64_t n)
{
	number(t, n, 16);
}

void text_html(struct text *t, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '<':
			text_str(t, "&lt;");
			break;
		case '>':
			text_str(t, "&gt;");
			break;
		case '&':
			text_str(t, "&amp;");
			break;
		case '"':
			text_str(t, "&quot;");
			break;
		default:
			text_mem(t, s, 1);
		}
	}
}

// RFC 3986 2.3: the unreserved characters, and the slash, stand for themselves.
static bool plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~/", c));
}

void text_uri(struct text *t, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		char code[3] = { '%', "0123456789ABCDEF"[c >> 4], "0123456789ABCDEF"[c & 15] };

		if (plain(*s))
			text_mem(t, s, 1);
		else
			text_mem(t, code, 3);
	}
}
