// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Domain names in wire format: length-prefixed labels, ended by the empty root label.
//
// A name_key is a name made ready for lookups: lowered, with the place and the hash of each of its
// suffixes. Hashes run from the root leftwards, so that one pass gives those of all suffixes and a
// child's hash follows from its parent's.
#ifndef DNS_NAME_H
#define DNS_NAME_H

#include <stddef.h>
#include <stdint.h>

#define NAME_MAX_LEN 255   // RFC 1035 2.3.4, with the root's octet
#define LABEL_MAX_LEN 63
#define NAME_MAX_LABELS 127

struct name_key {
	uint8_t lower[NAME_MAX_LEN];
	uint8_t len;                        // of lower, with the root's octet
	uint8_t labels;                     // without the root
	uint8_t off[NAME_MAX_LABELS + 1];   // off[i]: where label i starts; off[labels]: the root
	uint32_t hash[NAME_MAX_LABELS + 1]; // hash[i]: of the suffix that starts at off[i]
};

// Takes a valid name. The hashes are those of zone nodes.
void name_key_init(struct name_key *key, const uint8_t *wire);

// Takes an uncompressed name from untrusted bytes [p, end). Returns its length, or -EBADMSG.
int name_key_parse(struct name_key *key, const uint8_t *p, const uint8_t *end);

static inline uint8_t name_lower_octet(uint8_t c)
{
	return (uint8_t)(c - 'A') < 26 ? c | 0x20 : c;
}

unsigned name_len(const uint8_t *wire);

// True if name is zone or lies below it; both are in lower case.
int name_is_below(const uint8_t *name, const uint8_t *zone);

// Reads a name as zone files write it, relative to origin (NULL: a relative name is an error),
// and lowers it. Returns its length, or -EINVAL with *why set.
int name_from_text(uint8_t out[NAME_MAX_LEN], const char *s, size_t n, const uint8_t *origin,
		   const char **why);

// Reads one character of zone-file text at s[*i], with \DDD and \X, and advances *i.
// Returns the octet, or -EINVAL for a bad escape. *escaped tells whether it was one.
int name_text_octet(const char *s, size_t n, size_t *i, int *escaped);

#endif
