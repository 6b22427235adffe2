// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The zone in memory; see zone.h. Nothing is freed before the whole zone is.
#include "zone.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "proto.h"

#define CHUNK_SIZE (256u << 10)
#define FIRST_SLOTS 1024u

static_assert(sizeof(struct node) <= 64, "a node is one cache line");

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	size_t used;
};

static void *zone_alloc(struct zone *z, size_t n)
{
	struct arena_chunk *c = z->chunks;
	size_t size = CHUNK_SIZE;
	void *p;

	n = (n + 7) & ~(size_t)7;
	if (!c || c->size - c->used < n) {
		if (n > size - sizeof(*c))
			size = (n + sizeof(*c) + 4095) & ~(size_t)4095;
		c = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (c == MAP_FAILED)
			return NULL;
		c->next = z->chunks;
		c->size = size;
		c->used = sizeof(*c);
		z->chunks = c;
	}
	p = (char *)c + c->used;
	c->used += n;
	return p;
}

void zone_free(struct zone *z)
{
	struct arena_chunk *next;

	for (struct arena_chunk *c = z->chunks; c; c = next) {
		next = c->next;
		munmap(c, c->size);
	}
	memset(z, 0, sizeof(*z));
}

int zone_init(struct zone *z)
{
	memset(z, 0, sizeof(*z));
	z->slots = FIRST_SLOTS;
	z->table = zone_alloc(z, FIRST_SLOTS * sizeof(*z->table));
	z->root = z->table ? zone_node(z, (const uint8_t *)"") : NULL;
	if (z->root)
		return 0;
	zone_free(z);
	return -ENOMEM;
}

static struct node *table_find(const struct zone *z, uint32_t hash, const uint8_t *name,
			       unsigned len)
{
	struct node *n = z->table[hash & (z->slots - 1)];

	while (n && (n->hash != hash || n->len != len || memcmp(n->name, name, len)))
		n = n->next;
	return n;
}

struct node *zone_closest(const struct zone *z, const struct name_key *key, unsigned *label)
{
	unsigned i = key->labels > z->depth ? (unsigned)(key->labels - z->depth) : 0;
	struct node *n;

	while (!(n = table_find(z, key->hash[i], key->lower + key->off[i], key->len - key->off[i])))
		i++;
	*label = i;
	return n;
}

static int table_grow(struct zone *z)
{
	uint32_t slots = z->slots * 2;
	struct node **table = zone_alloc(z, slots * sizeof(*table));
	struct node *next;

	if (!table)
		return -ENOMEM;
	for (uint32_t i = 0; i < z->slots; i++) {
		for (struct node *n = z->table[i]; n; n = next) {
			next = n->next;
			n->next = table[n->hash & (slots - 1)];
			table[n->hash & (slots - 1)] = n;
		}
	}
	z->table = table;
	z->slots = slots;
	return 0;
}

static struct node *node_make(struct zone *z, struct node *parent, const uint8_t *name,
			      unsigned len, uint32_t hash)
{
	struct node *n;

	if (z->nodes >= z->slots && table_grow(z))
		return NULL;
	n = zone_alloc(z, sizeof(*n));
	if (!n)
		return NULL;
	n->name = name;
	n->len = (uint8_t)len;
	n->hash = hash;
	n->parent = parent;
	n->next = z->table[hash & (z->slots - 1)];
	z->table[hash & (z->slots - 1)] = n;
	if (parent && name[0] == 1 && name[1] == '*')
		parent->wild = n;
	z->nodes++;
	return n;
}

struct node *zone_node(struct zone *z, const uint8_t *name)
{
	struct name_key key;
	struct node *n = NULL;
	unsigned label;
	uint8_t *copy;

	name_key_init(&key, name);
	if (z->root) {
		n = zone_closest(z, &key, &label);
		if (!label)
			return n;
	} else {
		label = 1;
	}
	copy = zone_alloc(z, key.len);
	if (!copy)
		return NULL;
	memcpy(copy, key.lower, key.len);
	while (label-- > 0) {
		n = node_make(z, n, copy + key.off[label], key.len - key.off[label],
			      key.hash[label]);
		if (!n)
			return NULL;
	}
	if (key.labels > z->depth)
		z->depth = key.labels;
	return n;
}

struct rrset *zone_rrset(const struct node *node, uint16_t type)
{
	struct rrset *s = node->rrsets;

	while (s && s->type != type)
		s = s->next;
	return s;
}

static int node_above_has(const struct node *n, uint8_t flag)
{
	while ((n = n->parent))
		if (n->flags & flag)
			return 1;
	return 0;
}

static int node_has_data_below(const struct zone *z, const struct node *owner)
{
	for (uint32_t i = 0; i < z->slots; i++)
		for (const struct node *n = z->table[i]; n; n = n->next)
			if (n->flags & NODE_EXISTS && n != owner &&
			    name_is_below(n->name, owner->name))
				return 1;
	return 0;
}

const char *zone_conflict(const struct zone *z, const struct node *owner, uint16_t type)
{
	struct rrset *s = owner->rrsets;

	if (type == TYPE_SOA && z->soa)
		return "duplicate SOA: the zone has one already";
	if (type == TYPE_SOA && owner != z->apex)
		return "SOA not at the zone's apex";
	if (type == TYPE_CNAME && s && s->type != TYPE_CNAME)
		return "CNAME and other data at the same name";
	if (type != TYPE_CNAME && zone_rrset(owner, TYPE_CNAME))
		return "CNAME and other data at the same name";
	// RFC 6672 section 2.4: there would be two answers for such names.
	if (node_above_has(owner, NODE_DNAME) ||
	    (type == TYPE_DNAME && node_has_data_below(z, owner)))
		return "data below a DNAME";
	return NULL;
}

static struct rr *rr_make(struct zone *z, uint16_t type, uint32_t ttl, const struct rdata *rd)
{
	size_t fixed = sizeof(struct rr) + rd->names * sizeof(struct node *);
	struct rr *rr = zone_alloc(z, fixed + RR_FIXED + rd->head + rd->tail);
	uint8_t *p;

	if (!rr)
		return NULL;
	rr->head = rd->head + RR_FIXED;
	rr->tail = rd->tail;
	rr->names = rd->names;
	rr->compress = rd->compress;
	for (unsigned i = 0; i < rd->names; i++) {
		rr->name[i] = zone_node(z, rd->name[i]);
		if (!rr->name[i])
			return NULL;
	}
	p = rr_data(rr);
	put16(p, type);
	put16(p + 2, CLASS_IN);
	put32(p + 4, ttl);
	put16(p + 8, rd->head + rd->tail);
	memcpy(p + RR_FIXED, rd->data, (size_t)rd->head + rd->tail);
	return rr;
}

static int rr_same(const struct rr *a, const struct rr *b)
{
	if (a->head != b->head || a->tail != b->tail)
		return 0;
	for (unsigned i = 0; i < a->names; i++)
		if (a->name[i] != b->name[i])
			return 0;
	return !memcmp(rr_data(a) + RR_FIXED, rr_data(b) + RR_FIXED,
		       (size_t)a->head + a->tail - RR_FIXED);
}

static struct rrset *rrset_make(struct zone *z, uint16_t type)
{
	struct rrset *s = zone_alloc(z, sizeof(*s));

	if (!s)
		return NULL;
	s->type = type;
	s->tail = &s->rrs;
	return s;
}

static void rrset_append(struct rrset *s, struct rr *rr)
{
	*s->tail = rr;
	s->tail = &rr->next;
	s->count++;
}

// RFC 2308 section 5: negative answers live as long as the smaller of the SOA's TTL and minimum.
static int zone_set_soa(struct zone *z, struct rrset *soa, uint32_t ttl, const struct rdata *rd)
{
	uint32_t minimum = get32(rd->data + rd->head + rd->tail - 4);
	struct rr *rr = rr_make(z, TYPE_SOA, ttl < minimum ? ttl : minimum, rd);

	z->soa = soa;
	z->soa_negative = rrset_make(z, TYPE_SOA);
	if (!rr || !z->soa_negative)
		return -ENOMEM;
	rrset_append(z->soa_negative, rr);
	return 0;
}

// What the tree must know of a set that an owner has just got.
static int zone_mark(struct zone *z, struct node *owner, struct rrset *s, uint32_t ttl,
		     const struct rdata *rd)
{
	if (owner->rrsets == s)
		z->owners++;
	if (s->type == TYPE_NS && owner != z->apex)
		owner->flags |= NODE_CUT;
	if (s->type == TYPE_NS && owner == z->apex)
		z->ns = s;
	if (s->type == TYPE_DNAME)
		owner->flags |= NODE_DNAME;
	for (struct node *n = owner; n && !(n->flags & NODE_EXISTS); n = n->parent)
		n->flags |= NODE_EXISTS;
	return s->type == TYPE_SOA ? zone_set_soa(z, s, ttl, rd) : 0;
}

int zone_add(struct zone *z, struct node *owner, uint16_t type, uint32_t ttl,
	     const struct rdata *rd)
{
	struct rr *rr = rr_make(z, type, ttl, rd);
	struct rrset **s = &owner->rrsets;

	if (!rr)
		return -ENOMEM;
	while (*s && (*s)->type != type)
		s = &(*s)->next;
	if (*s) {
		for (struct rr *old = (*s)->rrs; old; old = old->next)
			if (rr_same(old, rr))
				return 0;
		if (type == TYPE_CNAME || type == TYPE_DNAME)
			return -EEXIST;
		if ((*s)->count == UINT16_MAX)
			return -E2BIG;
		rrset_append(*s, rr);
	} else {
		*s = rrset_make(z, type);
		if (!*s)
			return -ENOMEM;
		rrset_append(*s, rr);
		int err = zone_mark(z, owner, *s, ttl, rd);
		if (err)
			return err;
	}
	z->records++;
	return 0;
}
