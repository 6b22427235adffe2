// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Conditional requests; see condition.h.
#include "condition.h"

#include <string.h>

#include "date.h"

// Takes an entity tag (RFC 9110 8.8.3), with its quotes, from a list. false: the end, or bad
// syntax, which ends a list too.
static bool take_etag(struct slice *list, struct slice *tag, bool *weak)
{
	size_t i = 0;
	const char *end;

	while (i < list->len && strchr(", \t", list->at[i]))
		i++;
	*weak = list->len - i >= 2 && !memcmp(list->at + i, "W/", 2);
	i += *weak ? 2 : 0;
	if (i == list->len || list->at[i] != '"')
		return false;
	end = memchr(list->at + i + 1, '"', list->len - i - 1);
	if (!end)
		return false;
	*tag = (struct slice){ list->at + i, (size_t)(end + 1 - (list->at + i)) };
	*list = (struct slice){ end + 1, (size_t)(list->at + list->len - end - 1) };
	return true;
}

static bool same(struct slice a, struct slice b)
{
	return a.len == b.len && !memcmp(a.at, b.at, a.len);
}

static bool listed(struct slice list, struct slice etag, bool weak_counts)
{
	struct slice tag;
	bool weak;

	if (slice_is(list, "*"))
		return true;
	while (take_etag(&list, &tag, &weak)) {
		if ((weak_counts || !weak) && same(tag, etag))
			return true;
	}
	return false;
}

// RFC 9110 13.1.5. A date is a strong validator only if a change after it would have shown.
static bool if_range_holds(struct slice field, const struct validators *v)
{
	int64_t t;

	if (field.len && (field.at[0] == '"' || field.at[0] == 'W'))
		return same(field, v->etag);
	return !date_parse(field, v->now, &t) && t == v->modified && v->modified < v->now;
}

int condition_check(const struct request *r, const struct validators *v, bool *ranges)
{
	int64_t t;

	// In this order: RFC 9110 13.2.2. A date that is none is as if it were not there.
	*ranges = false;
	if (r->if_match.at) {
		if (!listed(r->if_match, v->etag, false))
			return 412;
	} else if (r->if_unmodified_since.at) {
		if (!date_parse(r->if_unmodified_since, v->now, &t) && v->modified > t)
			return 412;
	}
	if (r->if_none_match.at) {
		if (listed(r->if_none_match, v->etag, true))
			return 304;
	} else if (r->if_modified_since.at) {
		if (!date_parse(r->if_modified_since, v->now, &t) && v->modified <= t)
			return 304;
	}
	*ranges = r->method == METHOD_GET && r->range.at &&
		  (!r->if_range.at || if_range_holds(r->if_range, v));
	return 200;
}
