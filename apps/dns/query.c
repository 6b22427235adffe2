// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// One DNS message in, one out; see query.h. What is refused, and with which code, follows NSD.
#include "query.h"

#include <string.h>

#include "answer.h"
#include "proto.h"

struct request {
	const uint8_t *in;
	size_t n;
	uint16_t flags;
	unsigned body;      // where the question ends
	struct question q;
	int edns;           // 0: none, 1: version 0, 2: a version that we do not know
	uint16_t size;      // the client's UDP payload size
	uint16_t edns_flags;
};

#define EDNS_DO 0x8000         // RFC 3225
#define EDNS_BADVERS 1         // the upper bits of extended code 16, RFC 6891 section 9
#define SKIPPED_RECORDS 64     // most that an IXFR question may bring

static struct answer answer;

void query_init(struct zone *z)
{
	answer.zone = z;
}

static size_t reply_header(const struct request *r, uint8_t *out, unsigned flags)
{
	memcpy(out, r->in, 2);
	put16(out + 2, flags | DNS_QR);
	memset(out + 4, 0, DNS_HEADER_LEN - 4);
	return DNS_HEADER_LEN;
}

static size_t reply_formerr(const struct request *r, uint8_t *out, unsigned keep)
{
	return reply_header(r, out, (r->flags & keep) | RCODE_FORMERR);
}

static size_t reply_error(const struct request *r, uint8_t *out, unsigned rcode)
{
	return reply_header(r, out, (r->flags & ~(unsigned)(DNS_AD | DNS_RCODE)) | rcode);
}

// Appends the OPT record, which has DNS_OPT_LEN octets kept free for it; an extended error goes
// only with answers that are otherwise empty.
static size_t reply_opt(const struct request *r, uint8_t *out, size_t n, unsigned upper, int ede)
{
	uint8_t *p = out + n;

	if (!r->edns)
		return n;
	memset(p, 0, DNS_OPT_LEN);
	put16(p + 1, TYPE_OPT);
	put16(p + 3, DNS_EDNS_MAX);
	p[5] = (uint8_t)upper;
	put16(p + 7, r->edns_flags & EDNS_DO);
	put16(out + 10, get16(out + 10) + 1u);
	n += DNS_OPT_LEN;
	if (ede != EDE_NONE) {
		put16(p + 9, 6);
		put16(p + 11, EDE_OPTION);
		put16(p + 13, 2);
		put16(p + 15, (unsigned)ede);
		n += 6;
	}
	return n;
}

static int request_question(struct request *r)
{
	const uint8_t *p = r->in + DNS_HEADER_LEN, *end = r->in + r->n;
	int len = name_key_parse(&r->q.key, p, end);

	if (len < 0 || end - p < len + 4)
		return 0;
	r->q.type = get16(p + len);
	r->q.class = get16(p + len + 2);
	r->body = DNS_HEADER_LEN + (unsigned)len + 4;
	return 1;
}

// Passes over a record; 0 if it is not whole.
static size_t skip_record(const struct request *r, size_t at)
{
	while (at < r->n && r->in[at] && r->in[at] < 0xc0)
		at += r->in[at] + 1u;
	if (at >= r->n)
		return 0;
	at += r->in[at] ? 2 : 1;
	if (at + 10 > r->n)
		return 0;
	at += 10u + get16(r->in + at + 8);
	return at <= r->n ? at : 0;
}

// Reads an OPT record (RFC 6891 section 6.1). 0: there is none here, or it is broken.
static int request_opt(struct request *r, size_t at)
{
	const uint8_t *p = r->in + at;
	unsigned left, len;

	if (at + DNS_OPT_LEN > r->n || p[0] || get16(p + 1) != TYPE_OPT)
		return 0;
	if (p[6]) {
		r->edns = 2;
		return 1;
	}
	left = get16(p + 9);
	if (at + DNS_OPT_LEN + left > r->n)
		return 0;
	for (p += DNS_OPT_LEN; left >= 4; p += 4 + len, left -= 4 + len) {
		len = get16(p + 2);
		if (len > left - 4)
			return 0;
	}
	if (left)
		return 0;
	p = r->in + at;
	r->edns = 1;
	r->size = get16(p + 3);
	r->edns_flags = get16(p + 7);
	return 1;
}

// What may follow the question: the SOA of an IXFR, and one OPT record.
static int request_records(struct request *r)
{
	unsigned authority = get16(r->in + 8), additional = get16(r->in + 10);
	size_t at = r->body;

	if (get16(r->in + 6) || (authority && r->q.type != TYPE_IXFR) ||
	    authority > SKIPPED_RECORDS)
		return 0;
	while (authority--) {
		at = skip_record(r, at);
		if (!at)
			return 0;
	}
	return !additional || (additional == 1 && request_opt(r, at));
}

// Without a question an OPT record alone is answered by ours (RFC 7873 section 5.4 has it so).
static size_t reply_no_question(struct request *r, uint8_t *out)
{
	if (!get16(r->in + 4) && !get16(r->in + 6) && !get16(r->in + 8) &&
	    get16(r->in + 10) == 1 && request_opt(r, DNS_HEADER_LEN) && r->edns == 1) {
		size_t n = reply_header(r, out, r->flags & (DNS_RD | DNS_OPCODE));

		return reply_opt(r, out, n, 0, EDE_NONE);
	}
	return reply_formerr(r, out, 0);
}

static void reply_question(const struct request *r, uint8_t *out, unsigned flags)
{
	reply_header(r, out, flags);
	put16(out + 4, 1);
	copy_short(out + DNS_HEADER_LEN, r->in + DNS_HEADER_LEN, r->body - DNS_HEADER_LEN);
}

// A reply that repeats the question and has no records.
static size_t reply_empty(const struct request *r, uint8_t *out, unsigned flags, int ede)
{
	reply_question(r, out, flags);
	return reply_opt(r, out, r->body, 0, ede);
}

static size_t reply_badvers(const struct request *r, uint8_t *out)
{
	reply_question(r, out, r->flags & ~(unsigned)(DNS_AD | DNS_RCODE));
	return reply_opt(r, out, r->body, EDNS_BADVERS, EDE_NONE);
}

static int name_is(const struct name_key *key, const char *wire, size_t n)
{
	return key->len == n && !memcmp(key->lower, wire, n);
}

// The names under which servers tell about themselves; ours keeps that to itself.
static size_t reply_chaos(const struct request *r, uint8_t *out)
{
	const struct name_key *key = &r->q.key;
	int known = (r->q.type == TYPE_ANY || r->q.type == 16) &&
		    (name_is(key, "\2id\6server", 11) || name_is(key, "\10hostname\4bind", 15) ||
		     name_is(key, "\7version\6server", 16) || name_is(key, "\7version\4bind", 14));

	return reply_empty(r, out, (r->flags & DNS_RD) | RCODE_REFUSED,
			   known ? EDE_PROHIBITED : EDE_NOT_SUPPORTED);
}

static unsigned reply_limit(const struct request *r, unsigned how)
{
	unsigned limit = DNS_UDP_MAX;

	if (how & QUERY_TCP)
		limit = DNS_MESSAGE_MAX;
	else if (r->edns && r->size > DNS_UDP_MAX)
		limit = r->size < DNS_EDNS_MAX ? r->size : DNS_EDNS_MAX;
	return r->edns ? limit - DNS_OPT_LEN : limit;
}

static size_t reply_answer(struct request *r, uint8_t *out, unsigned how)
{
	struct answer *a = &answer;
	unsigned flags = r->flags & DNS_RD;

	reply_question(r, out, flags);
	wire_start(&a->wire, a->zone, out, reply_limit(r, how));
	a->wire.len = r->body;
	r->q.tcp = !!(how & QUERY_TCP);
	r->q.v6 = !!(how & QUERY_V6);
	answer_question(a, &r->q);
	flags |= DNS_QR | (a->aa ? DNS_AA : 0) | (a->tc ? DNS_TC : 0) | (unsigned)a->rcode;
	put16(out + 2, flags);
	for (int i = 0; i < 3; i++)
		put16(out + 6 + 2 * i, a->counts[i]);
	return reply_opt(r, out, a->wire.len, 0, a->ede);
}

static size_t reply_query(struct request *r, uint8_t *out, unsigned how)
{
	unsigned rd = r->flags & DNS_RD;

	if (!request_records(r))
		return reply_formerr(r, out, DNS_RD | DNS_OPCODE);
	if (r->edns == 2)
		return reply_badvers(r, out);
	if (r->q.class == CLASS_CH)
		return reply_chaos(r, out);
	if (r->q.class != CLASS_IN && r->q.class != CLASS_ANY)
		return reply_opt(r, out, reply_header(r, out, rd | RCODE_REFUSED), 0,
				 EDE_NOT_SUPPORTED);
	if (r->q.type == TYPE_AXFR && !(how & QUERY_TCP))
		return reply_empty(r, out, rd | RCODE_NOTIMP, EDE_NONE);
	if (r->q.type == TYPE_AXFR || r->q.type == TYPE_IXFR)
		return reply_empty(r, out, rd | RCODE_REFUSED, EDE_PROHIBITED);
	return reply_answer(r, out, how);
}

static int name_is_apex(const struct name_key *key)
{
	const struct node *apex = answer.zone->apex;

	return key->len == apex->len && !memcmp(key->lower, apex->name, apex->len);
}

size_t query_process(const uint8_t *in, size_t n, uint8_t *out, unsigned how)
{
	struct request r; // not set to zero as a whole: the key in it is large, and filled below
	unsigned opcode;

	if (n < DNS_HEADER_LEN)
		return 0;
	r.in = in;
	r.n = n;
	r.edns = 0;
	r.edns_flags = r.size = 0;
	r.flags = get16(in + 2);
	if (r.flags & DNS_QR)
		return 0;
	opcode = (r.flags & DNS_OPCODE) >> DNS_OPCODE_SHIFT;
	if (opcode != OPCODE_QUERY && opcode != OPCODE_NOTIFY)
		return reply_error(&r, out, RCODE_NOTIMP);
	if (r.flags & DNS_RCODE || !request_question(&r))
		return reply_formerr(&r, out, DNS_RD | DNS_OPCODE);
	if (opcode == OPCODE_NOTIFY) // no zone here has a primary to be told of
		return reply_error(&r, out,
				   name_is_apex(&r.q.key) ? RCODE_REFUSED : RCODE_NXDOMAIN);
	if (get16(in + 4) != 1)
		return reply_no_question(&r, out);
	return reply_query(&r, out, how);
}
