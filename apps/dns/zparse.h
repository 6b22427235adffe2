// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Zone files (RFC 1035 section 5, RFC 2308 section 4, RFC 3597 section 5) into a zone.
#ifndef DNS_ZPARSE_H
#define DNS_ZPARSE_H

#include <stddef.h>
#include <stdint.h>

#include "text.h"
#include "zone.h"

// Reads a whole zone. apex NULL: the owner of the first record, which must be the SOA.
// 0, or a negative errno with "file:line: what is wrong" in err; the zone is then only good
// for zone_free().
int zparse(struct zone *z, const char *file, const char *s, size_t n, const uint8_t *apex,
	   struct text *err);

#endif
