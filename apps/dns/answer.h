// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The answer to a question: RFC 1034 section 4.3.2 with wildcards (RFC 4592) and DNAME (RFC 6672).
//
// First the sets of records are collected, each once and each with the most important section that
// wants it; then they are written in order of sections until the message is full. The choices that
// the RFCs leave open (what goes in the additional section, one set for ANY, what is dropped first
// when a message is full) are those of NSD, so that either can stand in for the other.
#ifndef DNS_ANSWER_H
#define DNS_ANSWER_H

#include "wire.h"
#include "zone.h"

#define ANSWER_SETS 1024  // more are left out of the answer
#define ANSWER_ALIASES 16 // names that DNAME records may make for one answer

enum section { SECTION_ANSWER, SECTION_AUTHORITY, SECTION_APEX_NS, SECTION_ADDRESS,
	       SECTION_ADDRESS_2, SECTIONS };

struct question {
	struct name_key key;
	uint16_t type;
	uint16_t class;
	int tcp;
	int v6;
};

struct answer_set {
	struct node *owner;
	struct rrset *set;
	enum section section;
};

// A CNAME made from a DNAME, and the nodes for the labels of its target that the zone lacks.
struct alias {
	struct rrset set;
	_Alignas(struct rr) uint8_t rr[sizeof(struct rr) + sizeof(struct node *) + RR_FIXED];
	uint8_t name[NAME_MAX_LEN];
};

struct answer {
	struct zone *zone;
	struct wire wire;
	const struct question *q;
	unsigned followed;   // CNAME and DNAME records
	int aa;
	int tc;
	int rcode;
	int ede;             // extended error, or EDE_NONE
	int referral;
	unsigned counts[3];  // of the answer, authority and additional sections
	unsigned sets;
	struct answer_set set[ANSWER_SETS];
	struct node self;    // the question's name, where the zone does not have it
	unsigned aliases;
	unsigned temps;
	struct alias alias[ANSWER_ALIASES];
	struct node temp[ANSWER_ALIASES * 8];
};

// Appends the answer to the message a->wire, in which the question is already.
void answer_question(struct answer *a, const struct question *q);

#endif
