// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Ranges; see range.h.
#include "range.h"

#include <string.h>

// 1: r is in the file; 0: it is beyond it; -1: bad syntax.
static int parse_one(struct slice s, uint64_t size, struct range *r)
{
	uint64_t first, last = UINT64_MAX;

	if (s.len && s.at[0] == '-') {
		s = (struct slice){ s.at + 1, s.len - 1 };
		if (!slice_number(&s, &last) || s.len)
			return -1;
		r->len = last < size ? last : size;
		r->first = size - r->len;
		return r->len > 0;
	}
	if (!slice_number(&s, &first) || !s.len || s.at[0] != '-')
		return -1;
	s = (struct slice){ s.at + 1, s.len - 1 };
	if (s.len && (!slice_number(&s, &last) || s.len || last < first))
		return -1;
	if (first >= size)
		return 0;
	r->first = first;
	r->len = (last < size ? last + 1 : size) - first;
	return 1;
}

int range_parse(struct slice field, uint64_t size, struct range out[RANGES_MAX])
{
	struct slice item;
	uint64_t sum = 0;
	int n = 0, seen = 0;

	if (field.len < 6 || !slice_is_nocase((struct slice){ field.at, 6 }, "bytes="))
		return 0;
	field = (struct slice){ field.at + 6, field.len - 6 };
	while (slice_item(&field, &item)) {
		struct range r;
		int e = parse_one(item, size, &r);

		if (e < 0 || ++seen > RANGES_MAX)
			return 0;
		if (!e)
			continue;
		if (r.len > size - sum)
			return 0;
		sum += r.len;
		out[n++] = r;
	}
	if (!seen)
		return 0;
	return n ? n : -416;
}
