// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The answer to a question; see answer.h.
#include "answer.h"

#include <string.h>

#include "proto.h"

// What is not the answer itself may not grow an answer over UDP and IPv6 beyond this.
#define SMALL_V6 1220u

// Where the search for a name stands. owner is the name itself, for records made from a wildcard;
// at is the deepest node for it, and the same node if the zone has the name.
struct spot {
	struct node *owner;
	struct node *at;
};

// What lies between a name and the apex.
struct above {
	int inside;          // the name is in the zone
	struct node *cut;    // the topmost delegation at or above it
	struct node *dname;  // the nearest DNAME above it, the apex excepted
};

static struct above look_above(const struct zone *z, struct node *node)
{
	struct above a = { 0 };

	for (struct node *n = node; n != z->apex; n = n->parent) {
		if (!n)
			return (struct above){ 0 };
		if (n->flags & NODE_CUT)
			a.cut = n;
		if (n->flags & NODE_DNAME && n != node && !a.dname)
			a.dname = n;
	}
	a.inside = 1;
	return a;
}

// Adds a set, or moves it to a more important section. 0: it is there already.
static int add_set(struct answer *a, enum section section, struct node *owner, struct rrset *set)
{
	if (set->stamp == a->wire.stamp) {
		for (unsigned i = 0; i < a->sets; i++) {
			if (a->set[i].set != set || a->set[i].owner != owner)
				continue;
			if (section >= a->set[i].section)
				return 0;
			a->set[i].section = section;
			return 1;
		}
	}
	if (a->sets == ANSWER_SETS)
		return 0;
	set->stamp = a->wire.stamp;
	a->set[a->sets++] = (struct answer_set){ owner, set, section };
	return 1;
}

static void add_addresses(struct answer *a, struct node *target, int glue)
{
	enum section v4 = a->q->v6 ? SECTION_ADDRESS_2 : SECTION_ADDRESS;
	enum section v6 = a->q->v6 ? SECTION_ADDRESS : SECTION_ADDRESS_2;
	struct node *source = target, *n = target;
	struct rrset *ip4, *ip6;

	if (!glue && look_above(a->zone, target).cut)
		return;
	while (!(n->flags & NODE_EXISTS))
		n = n->parent;
	if (n != target && n->wild)
		source = n->wild;
	ip4 = zone_rrset(source, TYPE_A);
	ip6 = zone_rrset(source, TYPE_AAAA);
	// The order is that of the sections, which matters where not all of them fit.
	if (ip6 && a->q->v6)
		add_set(a, v6, target, ip6);
	if (ip4)
		add_set(a, v4, target, ip4);
	if (ip6 && !a->q->v6)
		add_set(a, v6, target, ip6);
}

static int add_records(struct answer *a, enum section section, struct node *owner,
		       struct rrset *set)
{
	int added = add_set(a, section, owner, set);

	if (set->type == TYPE_NS || set->type == TYPE_MX || set->type == TYPE_SRV)
		for (struct rr *rr = set->rrs; rr; rr = rr->next)
			add_addresses(a, rr->name[0], set->type == TYPE_NS);
	return added;
}

static void answer_negative(struct answer *a)
{
	if (a->q->class != CLASS_ANY)
		add_records(a, SECTION_AUTHORITY, a->zone->apex, a->zone->soa_negative);
}

// One set answers ANY (RFC 8482 section 4.1): a small, popular one if there is one.
static struct rrset *any_set(struct node *node)
{
	struct rrset *last = NULL;

	for (struct rrset *s = node->rrsets; s; s = s->next) {
		switch (s->type) {
		case TYPE_A:
		case TYPE_AAAA:
		case TYPE_SOA:
		case TYPE_MX:
		case TYPE_PTR:
			return s;
		default:
			if (s->type != TYPE_DNSKEY || !last)
				last = s;
		}
	}
	return last;
}

// Answers with what a node has. 1: it is an alias, and the search goes on at spot.
static int answer_node(struct answer *a, struct node *node, struct spot *spot)
{
	uint16_t type = a->q->type;
	struct rrset *s = type == TYPE_ANY ? any_set(node) : zone_rrset(node, type);

	if (s) {
		add_records(a, SECTION_ANSWER, spot->owner, s);
		if (a->q->class != CLASS_ANY && type != TYPE_ANY && type != TYPE_DS &&
		    type != TYPE_DNSKEY)
			add_records(a, SECTION_APEX_NS, a->zone->apex, a->zone->ns);
		return 0;
	}
	s = type == TYPE_ANY ? NULL : zone_rrset(node, TYPE_CNAME);
	if (!s) {
		answer_negative(a);
		return 0;
	}
	if (!add_records(a, SECTION_ANSWER, spot->owner, s))
		return 0; // a loop of aliases
	a->followed++;
	spot->owner = spot->at = s->rrs->name[0];
	return 1;
}

// The nodes of a name's labels that the zone lacks, down from the node that it has. NULL: too many.
static struct node *temp_nodes(struct answer *a, const uint8_t *name, unsigned labels,
			       const uint8_t *off, struct node *parent)
{
	unsigned len = name_len(name);
	struct node *n = parent;

	while (labels-- > 0) {
		if (a->temps == sizeof(a->temp) / sizeof(*a->temp))
			return NULL;
		n = &a->temp[a->temps++];
		*n = (struct node){ .name = name + off[labels], .parent = parent,
				    .len = (uint8_t)(len - off[labels]) };
		parent = n;
	}
	return n;
}

static struct rrset *alias_set(struct alias *alias, struct node *target, uint32_t ttl)
{
	struct rr *rr = (struct rr *)alias->rr;
	uint8_t *p;

	*rr = (struct rr){ .head = RR_FIXED, .names = 1, .compress = 1 };
	rr->name[0] = target;
	p = rr_data(rr);
	put16(p, TYPE_CNAME);
	put16(p + 2, CLASS_IN);
	put32(p + 4, ttl);
	put16(p + 8, 0);
	alias->set = (struct rrset){ .rrs = rr, .type = TYPE_CNAME, .count = 1 };
	return &alias->set;
}

// Whether the answer says already that the owner is an alias of the name.
static int alias_known(const struct answer *a, const struct node *owner, const uint8_t *name)
{
	unsigned len = name_len(name);

	for (unsigned i = 0; i < a->sets; i++) {
		const struct answer_set *s = &a->set[i];

		if (s->set->type == TYPE_CNAME && s->owner->len == owner->len &&
		    s->set->rrs->name[0]->len == len &&
		    !memcmp(s->owner->name, owner->name, owner->len) &&
		    !memcmp(s->set->rrs->name[0]->name, name, len))
			return 1;
	}
	return 0;
}

// Replaces the end of the name by the DNAME's target (RFC 6672 section 2.2).
static int answer_dname(struct answer *a, struct node *dname, struct spot *spot)
{
	struct rrset *set = zone_rrset(dname, TYPE_DNAME);
	struct node *owner = spot->owner, *target = set->rrs->name[0];
	unsigned prefix = (unsigned)(owner->len - dname->len), label;
	struct alias *alias = &a->alias[a->aliases];
	struct name_key key;

	if (!add_set(a, SECTION_ANSWER, dname, set) && name_is_below(target->name, dname->name))
		return 0;
	a->followed++;
	if (prefix + target->len > NAME_MAX_LEN) {
		a->rcode = RCODE_YXDOMAIN;
		a->ede = EDE_OTHER;
		return 0;
	}
	if (a->aliases == ANSWER_ALIASES)
		return 0;
	memcpy(alias->name, owner->name, prefix);
	memcpy(alias->name + prefix, target->name, target->len);
	if (alias_known(a, owner, alias->name))
		return 0;
	a->aliases++;
	name_key_init(&key, alias->name);
	spot->at = zone_closest(a->zone, &key, &label);
	spot->owner = temp_nodes(a, alias->name, label, key.off, spot->at);
	if (!spot->owner)
		return 0;
	add_set(a, SECTION_ANSWER, owner,
		alias_set(alias, spot->owner, get32(rr_data(set->rrs) + 4)));
	return a->q->type != TYPE_CNAME;
}

// The zone is authoritative for the name. node is the deepest that exists.
static int answer_inside(struct answer *a, struct spot *spot, struct node *node,
			 struct node *dname)
{
	a->aa = a->q->class != CLASS_ANY;
	if (dname)
		return answer_dname(a, dname, spot);
	if (node == spot->owner)
		return answer_node(a, node, spot);
	if (node->flags & NODE_DNAME)
		return answer_dname(a, node, spot);
	if (node->wild && node->wild->flags & NODE_EXISTS)
		return answer_node(a, node->wild, spot);
	a->rcode = RCODE_NXDOMAIN;
	answer_negative(a);
	return 0;
}

static void answer_referral(struct answer *a, struct node *cut)
{
	a->aa = a->followed > 0;
	a->referral = 1;
	add_records(a, SECTION_AUTHORITY, cut, zone_rrset(cut, TYPE_NS));
}

// One name of the chain of aliases. 1: on to the next.
static int answer_step(struct answer *a, struct spot *spot)
{
	struct above up = look_above(a->zone, spot->at);
	struct node *node = spot->at;
	int is_ds = a->q->type == TYPE_DS;

	if (!up.inside) {
		if (!a->followed) {
			a->rcode = RCODE_REFUSED;
			a->ede = EDE_NOT_AUTHORITATIVE;
		}
		return 0;
	}
	while (!(node->flags & NODE_EXISTS))
		node = node->parent;
	if (node != spot->at)
		up = look_above(a->zone, node);
	if (is_ds && node == spot->owner && node == a->zone->apex) {
		a->aa = a->q->class != CLASS_ANY;
		answer_negative(a); // the DS of the apex is the parent zone's
		return 0;
	}
	if (up.cut && !look_above(a->zone, up.cut).dname &&
	    !(is_ds && node == spot->owner && node == up.cut)) {
		answer_referral(a, up.cut);
		return 0;
	}
	return answer_inside(a, spot, node, up.dname);
}

// Writes a set. Returns how many records of it are in the message; *full when an optional one
// did not fit.
static unsigned write_set(struct answer *a, const struct answer_set *s, int *full)
{
	unsigned mark = a->wire.len, added = 0, small = a->q->v6 ? SMALL_V6 : DNS_EDNS_MAX;
	int whole = 1;

	for (const struct rr *rr = s->set->rrs; rr && whole; rr = rr->next) {
		whole = wire_record(&a->wire, s->owner, rr);
		added += (unsigned)whole;
	}
	if (s->section >= SECTION_APEX_NS) {
		if (a->q->tcp || (whole && a->wire.len <= small))
			return added;
		*full = 1;
	} else if (!whole) {
		a->tc = 1;
	} else {
		return added;
	}
	wire_rollback(&a->wire, mark);
	return 0;
}

static void answer_write(struct answer *a)
{
	static const uint8_t place[SECTIONS] = { 0, 1, 1, 2, 2 };
	int full = 0;

	for (enum section section = 0; section < SECTIONS && !full && !a->tc; section++) {
		unsigned added = 0;

		for (unsigned i = 0; i < a->sets && !a->tc; i++)
			if (a->set[i].section == section)
				added += write_set(a, &a->set[i], &full);
		a->counts[place[section]] += added;
		// A referral is of no use without an address.
		if (full && section == SECTION_ADDRESS && !added && a->referral)
			a->tc = 1;
	}
}

void answer_question(struct answer *a, const struct question *q)
{
	struct spot spot;
	unsigned label;

	a->q = q;
	a->followed = a->sets = a->aliases = a->temps = 0;
	a->aa = a->tc = a->rcode = a->referral = 0;
	a->ede = EDE_NONE;
	memset(a->counts, 0, sizeof(a->counts));
	spot.at = spot.owner = zone_closest(a->zone, &q->key, &label);
	wire_mark(&a->wire, spot.at, DNS_HEADER_LEN + q->key.off[label]);
	if (label) {
		a->self = (struct node){ .name = q->key.lower, .parent = spot.at,
					 .len = q->key.len, .stamp = a->wire.stamp,
					 .offset = DNS_HEADER_LEN };
		spot.owner = &a->self;
	}
	while (answer_step(a, &spot))
		;
	answer_write(a);
}
