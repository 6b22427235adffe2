// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The data of records: what each type's text looks like, and its way to wire format.
#ifndef DNS_RDATA_H
#define DNS_RDATA_H

#include <stddef.h>
#include <stdint.h>

#include "zlex.h"
#include "zone.h"

struct rdata_type {
	uint16_t number;
	char name[8];
	char fields[8]; // one letter a field, see rdata.c
};

// The type that a word names, or NULL. TYPE123 (RFC 3597) is *number without an entry.
const struct rdata_type *rdata_type_find(const char *s, size_t n, int *number);

// Reads the fields of a record up to its end into rd. type NULL: only the generic form, \# length
// hex, is possible. 0, or -EINVAL with *why, and *at the token that is wrong.
int rdata_parse(const struct rdata_type *type, struct zlex *lx, const uint8_t *origin,
		struct rdata *rd, struct token *at, const char **why);

// A TTL: seconds, or sums like 1h30m. 0, -EINVAL if it is none, -ERANGE above 2^31-1.
int ttl_parse(const char *s, size_t n, uint32_t *ttl);

// A decimal number up to max. 0, -EINVAL or -ERANGE.
int number_parse(const char *s, size_t n, uint32_t max, uint32_t *v);

#endif
