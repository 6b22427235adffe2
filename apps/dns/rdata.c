// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The data of records; see rdata.h. A type is a row of a table: its fields, each of one kind.
//
//   1 2 4  a number of so many octets       n  a name that may be compressed (RFC 3597 section 4)
//   t      a time in seconds, or like 1h    u  a name that may not
//   a A    an IPv4, an IPv6 address         s  one string with its length
//   x      the rest as hex digits           S  strings up to the end
//   v      the rest as one string without its length
//
// Names stand next to each other in every type, which is what struct rr is built on.
#include "rdata.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "proto.h"

static const struct rdata_type types[] = {
	{ TYPE_A, "A", "a" },         { TYPE_NS, "NS", "n" },     { TYPE_CNAME, "CNAME", "n" },
	{ TYPE_SOA, "SOA", "nn4tttt" }, { TYPE_PTR, "PTR", "n" }, { 13, "HINFO", "ss" },
	{ TYPE_MX, "MX", "2n" },      { 16, "TXT", "S" },         { TYPE_AAAA, "AAAA", "A" },
	{ TYPE_SRV, "SRV", "222u" },  { TYPE_DNAME, "DNAME", "u" }, { TYPE_DS, "DS", "211x" },
	{ 44, "SSHFP", "11x" },       { 52, "TLSA", "111x" },     { 99, "SPF", "S" },
	{ 257, "CAA", "1sv" },
};

static int word_is(const char *s, size_t n, const char *word)
{
	for (; n && *word; n--, s++, word++)
		if (name_lower_octet((uint8_t)*s) != name_lower_octet((uint8_t)*word))
			return 0;
	return !n && !*word;
}

const struct rdata_type *rdata_type_find(const char *s, size_t n, int *number)
{
	uint32_t v;

	*number = -1;
	if (n > 4 && word_is(s, 4, "TYPE") && !number_parse(s + 4, n - 4, 65535, &v))
		*number = (int)v;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (types[i].number == *number || word_is(s, n, types[i].name)) {
			*number = types[i].number;
			return &types[i];
		}
	}
	return NULL;
}

int number_parse(const char *s, size_t n, uint32_t max, uint32_t *v)
{
	uint64_t sum = 0;

	if (!n)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -EINVAL;
		if (sum <= max)
			sum = sum * 10 + (uint64_t)(s[i] - '0');
	}
	*v = (uint32_t)sum;
	return sum > max ? -ERANGE : 0;
}

static uint32_t ttl_unit(char c)
{
	switch (name_lower_octet((uint8_t)c)) {
	case 's': return 1;
	case 'm': return 60;
	case 'h': return 3600;
	case 'd': return 86400;
	case 'w': return 604800;
	default: return 0;
	}
}

int ttl_parse(const char *s, size_t n, uint32_t *ttl)
{
	uint64_t sum = 0, part = 0;
	int digits = 0, units = 0, range = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] >= '0' && s[i] <= '9') {
			part = part > INT32_MAX ? part : part * 10 + (uint64_t)(s[i] - '0');
			digits = 1;
			continue;
		}
		if (!digits || !ttl_unit(s[i]))
			return -EINVAL;
		sum += part * ttl_unit(s[i]);
		range |= sum > INT32_MAX;
		part = 0;
		digits = 0;
		units = 1;
	}
	if (!n || (units && digits))
		return -EINVAL;
	sum += part;
	*ttl = (uint32_t)sum;
	return range || sum > INT32_MAX ? -ERANGE : 0; // RFC 2181 section 8
}

static int field_fail(const char **why, const char *text)
{
	*why = text;
	return -EINVAL;
}

// Room for n more octets of data, or NULL.
static uint8_t *rdata_room(struct rdata *rd, size_t n)
{
	size_t used = (size_t)rd->head + rd->tail;

	if (used + n > sizeof(rd->data))
		return NULL;
	if (rd->names)
		rd->tail += (uint16_t)n;
	else
		rd->head += (uint16_t)n;
	return rd->data + used;
}

static int field_number(struct rdata *rd, char kind, const struct token *t, const char **why)
{
	unsigned octets = kind == 't' ? 4 : (unsigned)(kind - '0');
	uint8_t *p = rdata_room(rd, octets);
	uint32_t v;
	int err = kind == 't' ? ttl_parse(t->s, t->n, &v)
			      : number_parse(t->s, t->n, UINT32_MAX >> (32 - 8 * octets), &v);

	if (err == -ERANGE)
		return field_fail(why, "number too large");
	if (err)
		return field_fail(why, "number expected");
	if (!p)
		return field_fail(why, "record is longer than 65535 octets");
	for (unsigned i = octets; i-- > 0; v >>= 8)
		p[i] = (uint8_t)v;
	return 0;
}

static int field_address(struct rdata *rd, char kind, const struct token *t, const char **why)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t *p = rdata_room(rd, kind == 'a' ? 4 : 16);

	if (t->n < sizeof(text)) {
		memcpy(text, t->s, t->n);
		text[t->n] = '\0';
		if (p && inet_pton(kind == 'a' ? AF_INET : AF_INET6, text, p) == 1)
			return 0;
	}
	return field_fail(why, kind == 'a' ? "bad IPv4 address" : "bad IPv6 address");
}

static int field_name(struct rdata *rd, char kind, const struct token *t, const uint8_t *origin,
		      const char **why)
{
	int n = name_from_text(rd->name[rd->names], t->s, t->n, origin, why);

	if (n < 0)
		return n;
	rd->names++;
	rd->compress = kind == 'n';
	return 0;
}

// A string; counted: with its length, and so at most 255 octets.
static int field_string(struct rdata *rd, int counted, const struct token *t, const char **why)
{
	uint8_t *len = counted ? rdata_room(rd, 1) : NULL, *p;
	unsigned n = 0;
	int c, escaped;

	if (counted && !len)
		return field_fail(why, "record is longer than 65535 octets");
	for (size_t i = 0; i < t->n; n++) {
		c = name_text_octet(t->s, t->n, &i, &escaped);
		if (c < 0)
			return field_fail(why, "bad escape: \\DDD takes three digits up to 255");
		p = rdata_room(rd, 1);
		if (!p)
			return field_fail(why, "record is longer than 65535 octets");
		*p = (uint8_t)c;
	}
	if (counted && n > 255)
		return field_fail(why, "string is longer than 255 octets");
	if (counted)
		*len = (uint8_t)n;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)name_lower_octet((uint8_t)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Hex digits up to the end of the record, in any number of words.
static int field_hex(struct rdata *rd, struct zlex *lx, struct token *t, const char **why)
{
	uint8_t *p = NULL;
	int half = 0, v;

	while (t->kind == TOKEN_WORD) {
		for (size_t i = 0; i < t->n; i++, half = !half) {
			v = hex_digit(t->s[i]);
			if (v < 0)
				return field_fail(why, "hex digits expected");
			if (!half)
				p = rdata_room(rd, 1);
			if (!p)
				return field_fail(why, "record is longer than 65535 octets");
			*p = (uint8_t)(half ? *p | v : v << 4);
		}
		if (zlex_next(lx, t))
			return field_fail(why, lx->why);
	}
	return half ? field_fail(why, "odd number of hex digits") : 0;
}

// \# length hex (RFC 3597 section 5), after the "\#".
static int rdata_generic(struct zlex *lx, struct rdata *rd, struct token *t, const char **why)
{
	uint32_t len;

	if (zlex_next(lx, t))
		return field_fail(why, lx->why);
	if (t->kind != TOKEN_WORD || number_parse(t->s, t->n, 65535, &len))
		return field_fail(why, "\\# must be followed by the length of the data");
	if (zlex_next(lx, t))
		return field_fail(why, lx->why);
	if (field_hex(rd, lx, t, why))
		return -EINVAL;
	return rd->head == len ? 0 : field_fail(why, "\\# data is not as long as it says");
}

static int rdata_field(char kind, struct zlex *lx, const uint8_t *origin, struct rdata *rd,
		       struct token *t, const char **why)
{
	int err;

	if (kind == 'x')
		return field_hex(rd, lx, t, why);
	if (t->kind == TOKEN_STRING && !strchr("sSv", kind))
		return field_fail(why, "quoted string where none belongs");
	if (strchr("nu", kind))
		err = field_name(rd, kind, t, origin, why);
	else if (strchr("aA", kind))
		err = field_address(rd, kind, t, why);
	else if (strchr("sSv", kind))
		err = field_string(rd, kind != 'v', t, why);
	else
		err = field_number(rd, kind, t, why);
	if (err)
		return err;
	return zlex_next(lx, t) ? field_fail(why, lx->why) : 0;
}

int rdata_parse(const struct rdata_type *type, struct zlex *lx, const uint8_t *origin,
		struct rdata *rd, struct token *t, const char **why)
{
	rd->head = rd->tail = 0;
	rd->names = rd->compress = 0;
	if (zlex_next(lx, t))
		return field_fail(why, lx->why);
	if (t->kind == TOKEN_WORD && t->n == 2 && !memcmp(t->s, "\\#", 2)) {
		if (type && strpbrk(type->fields, "nu"))
			return field_fail(why, "\\# does not go with this type: write its fields");
		return rdata_generic(lx, rd, t, why);
	}
	if (!type)
		return field_fail(why, "data of this type must be written as \\# length hex");
	for (const char *f = type->fields; *f; f++) {
		do {
			if (t->kind < TOKEN_WORD)
				return field_fail(why, "record ends before its data is complete");
			if (rdata_field(*f, lx, origin, rd, t, why))
				return -EINVAL;
		} while (*f == 'S' && t->kind >= TOKEN_WORD);
	}
	return t->kind >= TOKEN_WORD ? field_fail(why, "more data than the type has") : 0;
}
