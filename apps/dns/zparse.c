// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Zone files into a zone; see zparse.h. One record or directive at a time; what the file may leave
// out (owner, TTL, class) is kept from the record before.
#include "zparse.h"

#include <errno.h>
#include <string.h>

#include "proto.h"
#include "rdata.h"

struct zparser {
	struct zone *zone;
	const char *file;
	struct text *err;
	struct zlex lx;
	struct token t;
	uint8_t origin[NAME_MAX_LEN];
	uint8_t owner[NAME_MAX_LEN];
	int has_origin;
	int has_owner;
	uint32_t ttl_default; // $TTL
	uint32_t ttl_last;    // of the last record that gave one (RFC 1035 section 5.1)
	int has_ttl_default;
	int has_ttl_last;
	struct rdata rd;
};

// The message, with the word that is at fault if there is one.
static int zp_fail(struct zparser *zp, const char *why)
{
	struct text *e = zp->err;

	text_str(e, zp->file);
	text_str(e, ":");
	text_num(e, zp->t.line);
	text_str(e, ": ");
	text_str(e, why);
	if (zp->t.kind == TOKEN_WORD) {
		text_str(e, " '");
		text_mem(e, zp->t.s, zp->t.n > 80 ? 80 : zp->t.n);
		text_str(e, "'");
	}
	return -EINVAL;
}

// A fault of the whole record, at the line where it begins.
static int zp_fail_at(struct zparser *zp, unsigned line, const char *why, const uint8_t *name)
{
	zp->t.kind = TOKEN_END;
	zp->t.line = line;
	zp_fail(zp, why);
	if (name) {
		text_str(zp->err, " '");
		text_name(zp->err, name);
		text_str(zp->err, "'");
	}
	return -EINVAL;
}

static int zp_next(struct zparser *zp)
{
	if (!zlex_next(&zp->lx, &zp->t))
		return 0;
	zp->t.kind = TOKEN_END;
	return zp_fail(zp, zp->lx.why);
}

static const uint8_t *zp_origin(const struct zparser *zp)
{
	return zp->has_origin ? zp->origin : NULL;
}

static int token_is(const struct token *t, const char *word)
{
	size_t n = strlen(word);

	if (t->kind != TOKEN_WORD || t->n != n)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (name_lower_octet((uint8_t)t->s[i]) != name_lower_octet((uint8_t)word[i]))
			return 0;
	return 1;
}

static int zp_origin_line(struct zparser *zp)
{
	uint8_t name[NAME_MAX_LEN];
	const char *why;

	if (zp->t.kind != TOKEN_WORD)
		return zp_fail(zp, "$ORIGIN needs a name");
	if (name_from_text(name, zp->t.s, zp->t.n, zp_origin(zp), &why) < 0)
		return zp_fail(zp, why);
	memcpy(zp->origin, name, name_len(name));
	zp->has_origin = 1;
	return 0;
}

static int zp_ttl_line(struct zparser *zp)
{
	int err = -EINVAL;

	if (zp->t.kind == TOKEN_WORD)
		err = ttl_parse(zp->t.s, zp->t.n, &zp->ttl_default);
	if (err == -ERANGE)
		return zp_fail(zp, "TTL is larger than 2147483647:");
	if (err)
		return zp_fail(zp, "$TTL needs a time in seconds, or like 1h30m");
	zp->has_ttl_default = 1;
	return 0;
}

static int zp_directive(struct zparser *zp)
{
	int (*line)(struct zparser *zp) = NULL;

	if (token_is(&zp->t, "$ORIGIN"))
		line = zp_origin_line;
	else if (token_is(&zp->t, "$TTL"))
		line = zp_ttl_line;
	else if (token_is(&zp->t, "$INCLUDE"))
		return zp_fail(zp, "a zone is one file: put the other file's lines in place of");
	else
		return zp_fail(zp, "unknown directive");
	if (zp_next(zp) || line(zp) || zp_next(zp))
		return -EINVAL;
	return zp->t.kind >= TOKEN_WORD ? zp_fail(zp, "unexpected word after a directive") : 0;
}

// The class must be IN. 1: the word was a class.
static int zp_class(struct zparser *zp)
{
	if (token_is(&zp->t, "IN"))
		return 1;
	if (token_is(&zp->t, "CH") || token_is(&zp->t, "HS") || token_is(&zp->t, "CS"))
		return zp_fail(zp, "only class IN is served, not");
	return 0;
}

// TTL and class in any order, or neither, up to the word that must be the type.
static int zp_ttl_class(struct zparser *zp, uint32_t *ttl, int *has_ttl)
{
	int has_class = 0, err;

	for (;; ) {
		if (zp->t.kind != TOKEN_WORD)
			return zp_fail(zp, "record without a type");
		err = has_class ? 0 : zp_class(zp);
		if (err < 0)
			return err;
		if (err) {
			has_class = 1;
		} else {
			err = *has_ttl ? -EINVAL : ttl_parse(zp->t.s, zp->t.n, ttl);
			if (err == -ERANGE)
				return zp_fail(zp, "TTL is larger than 2147483647:");
			if (err)
				return 0;
			*has_ttl = 1;
		}
		if (zp_next(zp))
			return -EINVAL;
	}
}

// The TTL of a record that names none. A SOA may be the first record and then has its own.
static int zp_ttl(struct zparser *zp, unsigned line, int type, int given, uint32_t *ttl)
{
	if (given)
		zp->ttl_last = *ttl;
	else if (zp->has_ttl_default)
		*ttl = zp->ttl_default;
	else if (zp->has_ttl_last)
		*ttl = zp->ttl_last;
	else if (type == TYPE_SOA)
		*ttl = zp->ttl_last = get32(zp->rd.data + zp->rd.head + zp->rd.tail - 4);
	else
		return zp_fail_at(zp, line, "no TTL: give one, or $TTL before", NULL);
	zp->has_ttl_last |= given || type == TYPE_SOA;
	return 0;
}

static int zp_add(struct zparser *zp, unsigned line, uint16_t type, uint32_t ttl)
{
	struct zone *z = zp->zone;
	struct node *owner;
	const char *why;
	int err;

	if (!z->apex && type != TYPE_SOA)
		return zp_fail_at(zp, line, "record before the SOA: the SOA comes first, or name "
				  "the zone with -o", NULL);
	if (!z->apex)
		z->apex = zone_node(z, zp->owner);
	if (!z->apex)
		return -ENOMEM;
	if (type != TYPE_SOA && !name_is_below(zp->owner, z->apex->name))
		return zp_fail_at(zp, line, "out-of-zone data:", zp->owner);
	owner = zone_node(z, zp->owner);
	if (!owner)
		return -ENOMEM;
	why = zone_conflict(z, owner, type);
	if (why)
		return zp_fail_at(zp, line, why, zp->owner);
	err = zone_add(z, owner, type, ttl, &zp->rd);
	if (err == -EEXIST)
		return zp_fail_at(zp, line, "second CNAME or DNAME at the same name", zp->owner);
	if (err == -E2BIG)
		return zp_fail_at(zp, line, "more than 65535 records of one type at", zp->owner);
	return err;
}

static int zp_owner(struct zparser *zp)
{
	const char *why;

	if (!zp->t.first)
		return zp->has_owner
			       ? 0
			       : zp_fail(zp, "no owner name: the line starts with a blank");
	if (zp->t.kind != TOKEN_WORD)
		return zp_fail(zp, "owner name must not be quoted");
	if (name_from_text(zp->owner, zp->t.s, zp->t.n, zp_origin(zp), &why) < 0)
		return zp_fail(zp, why);
	zp->has_owner = 1;
	return zp_next(zp);
}

// Types that exist only in messages (RFC 6895 section 3.1) have no records.
static int type_is_meta(int number)
{
	return !number || number == TYPE_OPT || (number >= 128 && number <= 255);
}

static int zp_record(struct zparser *zp)
{
	const struct rdata_type *type;
	unsigned line = zp->t.line;
	uint32_t ttl = 0;
	int given = 0, number;
	const char *why;

	if (zp_owner(zp) || zp_ttl_class(zp, &ttl, &given))
		return -EINVAL;
	type = rdata_type_find(zp->t.s, zp->t.n, &number);
	if (number < 0)
		return zp_fail(zp, "unknown type");
	if (type_is_meta(number))
		return zp_fail(zp, "no record can be of type");
	if (rdata_parse(type, &zp->lx, zp_origin(zp), &zp->rd, &zp->t, &why))
		return zp_fail(zp, why);
	if (zp_ttl(zp, line, number, given, &ttl))
		return -EINVAL;
	return zp_add(zp, line, (uint16_t)number, ttl);
}

static int zp_lines(struct zparser *zp)
{
	int err;

	for (;;) {
		if (zp_next(zp))
			return -EINVAL;
		if (zp->t.kind == TOKEN_EOF)
			return 0;
		if (zp->t.kind == TOKEN_END)
			continue;
		if (zp->t.first && zp->t.kind == TOKEN_WORD && *zp->t.s == '$')
			err = zp_directive(zp);
		else
			err = zp_record(zp);
		if (err)
			return err;
	}
}

static int zp_whole(struct zparser *zp)
{
	if (!zp->zone->soa)
		return zp_fail_at(zp, zp->lx.line, "no SOA record in the zone", NULL);
	if (!zp->zone->ns)
		return zp_fail_at(zp, zp->lx.line, "no NS record at the zone's apex",
				  zp->zone->apex->name);
	return 0;
}

int zparse(struct zone *z, const char *file, const char *s, size_t n, const uint8_t *apex,
	   struct text *err)
{
	static struct zparser zp; // 66 KB, too large for a stack; parsing happens once
	int r;

	memset(&zp, 0, sizeof(zp));
	zp.zone = z;
	zp.file = file;
	zp.err = err;
	zlex_init(&zp.lx, s, n);
	if (apex) {
		memcpy(zp.origin, apex, name_len(apex));
		zp.has_origin = 1;
		z->apex = zone_node(z, apex);
		if (!z->apex)
			return -ENOMEM;
	}
	r = zp_lines(&zp);
	if (!r)
		r = zp_whole(&zp);
	if (r == -ENOMEM)
		text_str(err, "out of memory while reading the zone");
	return r;
}
