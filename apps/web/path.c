// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Paths; see path.h. Decoding comes first, so that %2e and %2f get no further than what they stand
// for.
#include "path.h"

#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Takes one byte, decoded. -1: a bad code.
static int take_byte(struct slice *in)
{
	int c = (unsigned char)in->at[0], used = 1;

	if (c == '%') {
		int high = in->len >= 3 ? hex(in->at[1]) : -1;
		int low = in->len >= 3 ? hex(in->at[2]) : -1;

		if (high < 0 || low < 0)
			return -1;
		c = high << 4 | low;
		used = 3;
	}
	*in = (struct slice){ in->at + used, in->len - (size_t)used };
	return c;
}

// Ends the segment that begins at start. Returns the new length, or the negative of a status.
static int end_segment(const char *out, size_t start, size_t len)
{
	struct slice s = { out + start, len - start };

	if (slice_is(s, "."))
		return (int)start;
	if (slice_is(s, "..")) {
		if (!start)
			return -400;
		do
			start--;
		while (start && out[start - 1] != '/');
		return (int)start;
	}
	if (s.len && s.at[0] == '.' && !slice_is(s, ".well-known"))
		return -404;
	return (int)len;
}

int path_resolve(struct slice raw, char *out, size_t cap)
{
	size_t start = 0, len = 0;

	while (raw.len) {
		int c = take_byte(&raw), n;

		if (c <= 0)
			return -400;
		if (c != '/') {
			// Room for the slash of a segment and for the NUL.
			if (len + 2 >= cap)
				return -414;
			out[len++] = (char)c;
			continue;
		}
		n = end_segment(out, start, len);
		if (n < 0)
			return n;
		if ((size_t)n == len && len > start)
			out[n++] = '/';
		start = len = (size_t)n;
	}
	if (len > start) {
		int n = end_segment(out, start, len);

		if (n < 0)
			return n;
		len = (size_t)n;
	}
	out[len] = '\0';
	return (int)len;
}
