// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The zone in memory: a tree of names that is also a hash table, filled once and then only read.
//
// Every name that occurs - as an owner, as an ancestor of one, or in the data of a record - has one
// node, and with it all its ancestors up to the root, which share its spelling. So the nodes are
// closed under "parent of", which lookups and the compression of names rely on. A node that owns
// records or has a descendant that does is NODE_EXISTS; the others are only mentioned in data.
//
// A record is stored as it goes on the wire behind its owner: type, class, TTL, length and data,
// with the names cut out, as they are compressed anew in each message.
#ifndef DNS_ZONE_H
#define DNS_ZONE_H

#include <stddef.h>
#include <stdint.h>

#include "name.h"

enum {
	NODE_EXISTS = 1, // in the zone, perhaps as an empty non-terminal
	NODE_CUT = 2,    // has NS and is not the apex: a delegation
	NODE_DNAME = 4,
};

// One cache line, so that a hit costs one miss.
struct node {
	const uint8_t *name; // lower case
	struct node *parent; // NULL for the root
	struct node *next;   // in the hash chain
	struct rrset *rrsets; // in the order of the zone file
	struct node *wild;   // the child "*"
	uint32_t hash;
	uint32_t stamp;      // the message in which offset holds; see wire.h
	uint16_t offset;
	uint8_t len;         // of name
	uint8_t flags;
};

struct rrset {
	struct rrset *next;
	struct rr *rrs;
	struct rr **tail;
	uint32_t stamp;      // the message whose answer already has it; see answer.c
	uint16_t type;
	uint16_t count;
};

#define RR_FIXED 10 // type, class, TTL, length

struct rr {
	struct rr *next;
	uint16_t head;       // octets before the names, RR_FIXED included
	uint16_t tail;       // octets after them
	uint8_t names;       // 0, 1 or 2
	uint8_t compress;    // the names may be compressed (RFC 3597 section 4)
	struct node *name[]; // names of them; then head + tail octets
};

static inline uint8_t *rr_data(const struct rr *rr)
{
	return (uint8_t *)(rr->name + rr->names);
}

// The data of a record as parsed: head octets, names, tail octets.
struct rdata {
	uint8_t data[65535];
	uint16_t head;
	uint16_t tail;
	uint8_t names;
	uint8_t compress;
	uint8_t name[2][NAME_MAX_LEN];
};

struct arena_chunk;

struct zone {
	struct arena_chunk *chunks;
	struct node **table;
	uint32_t slots;      // a power of two
	uint32_t nodes;
	uint32_t owners;     // names that own records
	uint32_t records;
	uint8_t depth;       // labels of the deepest name
	struct node *root;
	struct node *apex;   // set by the parser before the first record is added
	struct rrset *soa;
	struct rrset *soa_negative; // the SOA with the TTL of negative answers (RFC 2308 section 3)
	struct rrset *ns;
};

int zone_init(struct zone *z);
void zone_free(struct zone *z);

// The node of a name, made if need be. NULL: out of memory.
struct node *zone_node(struct zone *z, const uint8_t *name);

// The deepest node that is the name or an ancestor of it; *label is where it starts in the key.
struct node *zone_closest(const struct zone *z, const struct name_key *key, unsigned *label);

struct rrset *zone_rrset(const struct node *node, uint16_t type);

// Adds a record. A copy of one that is there is dropped. -ENOMEM, -E2BIG for a set too large,
// -EEXIST for a second CNAME or DNAME.
int zone_add(struct zone *z, struct node *owner, uint16_t type, uint32_t ttl,
	     const struct rdata *rd);

// Why a record of this type cannot be added to the owner, or NULL.
const char *zone_conflict(const struct zone *z, const struct node *owner, uint16_t type);

#endif
