// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Texts: slices of a buffer that somebody else owns, and a bounded text under construction
// (stdio would cost 10 KB of image). What does not fit in a text is cut, and the text says so.
#ifndef WEB_TEXT_H
#define WEB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
	const char *at;
	size_t len;
};

bool slice_is(struct slice s, const char *text);
bool slice_is_nocase(struct slice s, const char *text);
// Without the blanks (SP, HTAB) at both ends.
struct slice slice_trim(struct slice s);
// Takes the next element of a comma-separated list (RFC 9110 5.6.1), trimmed; false at the end.
bool slice_item(struct slice *list, struct slice *item);
// Takes a number of decimal digits; one too large for 64 bits becomes UINT64_MAX. false: no digit.
bool slice_number(struct slice *s, uint64_t *n);

struct text {
	char *at;
	size_t cap;
	size_t len;
	bool cut;
};

void text_mem(struct text *t, const char *s, size_t n);
void text_str(struct text *t, const char *s);
void text_num(struct text *t, uint64_t n);
void text_hex(struct text *t, uint64_t n);
// A text as HTML shows it, and a path as a URI spells it.
void text_html(struct text *t, const char *s);
void text_uri(struct text *t, const char *s);

#endif
