// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// names.h. A query is taken apart once, into struct question; nothing behind the question is looked
// at.
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <monitor/dev/frame.h>
#include <monitor/dev/gateway.h>
#include <monitor/dev/names.h>

#define HEADER 12
#define NAME_MAX_TEXT 253 // RFC 1035, 2.3.4: 255 bytes on the wire
#define LABEL_MAX 63

enum { TYPE_A = 1, TYPE_PTR = 12, TYPE_AAAA = 28, TYPE_ANY = 255, CLASS_IN = 1 };
enum { OK = 0, NO_SUCH_NAME = 3 }; // RCODE
enum { FLAG_QR = 0x80, FLAG_AA = 0x04, FLAG_TC = 0x02, FLAG_RD = 0x01, FLAG_RA = 0x80 };

struct question {
	char name[NAME_MAX_TEXT + 1]; // with dots, in lower case, without one at the end
	unsigned type;
	size_t end; // of the question in the message
};

static unsigned get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static void put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

// Letters, digits and what else names of instances and addresses have.
static bool take_label(struct question *q, size_t *used, const uint8_t *label, size_t n)
{
	if (*used + n + 1 > NAME_MAX_TEXT)
		return false;
	if (*used)
		q->name[(*used)++] = '.';
	for (size_t i = 0; i < n; i++) {
		uint8_t c = label[i];

		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c - 'A' + 'a');
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return false;
		q->name[(*used)++] = (char)c;
	}
	return true;
}

// RFC 1035, 4.1: one question, in a standard query. Gives false for everything else.
static bool parse(const uint8_t *m, size_t len, struct question *q)
{
	size_t at = HEADER, used = 0;

	memset(q, 0, sizeof(*q));
	if (len < HEADER || (m[2] & ~FLAG_RD) || get16(m + 4) != 1 || get16(m + 6) || get16(m + 8))
		return false;
	for (;;) {
		if (at >= len || m[at] > LABEL_MAX || at + 1 + m[at] > len)
			return false;
		if (!m[at])
			break;
		if (!take_label(q, &used, m + at + 1, m[at]))
			return false;
		at += 1u + m[at];
	}
	at++;
	if (len - at < 4 || get16(m + at + 2) != CLASS_IN)
		return false;
	q->type = get16(m + at);
	q->end = at + 4;
	return used > 0;
}

// Takes ".END" off the name. Gives false if it does not end so.
static bool strip(char *name, const char *end)
{
	size_t n = strlen(name), e = strlen(end);

	if (n <= e + 1 || name[n - e - 1] != '.' || strcasecmp(name + n - e, end))
		return false;
	name[n - e - 1] = 0;
	return true;
}

// "5.0.89.10" to member 5. Gives false if it is no address of the network; *member 0: of none.
static bool reverse4(const char *name, uint8_t *member)
{
	char text[32];
	unsigned long last;
	char *end;

	last = strtoul(name, &end, 10);
	snprintf(text, sizeof(text), ".%u.%u.%u", FRAME_SUBNET >> 8 & 255, FRAME_SUBNET >> 16 & 255,
		 FRAME_SUBNET >> 24);
	if (end == name || strcmp(end, text) || last > 255)
		return false;
	*member = (uint8_t)last;
	return true;
}

// 32 nibbles, the last first (RFC 3596, 2.5).
static bool reverse6(const char *name, uint8_t *member)
{
	uint8_t addr[16] = { 0 }, own[16];

	if (strlen(name) != 63)
		return false;
	for (int i = 0; i < 32; i++) {
		const char *hex = "0123456789abcdef", *at = strchr(hex, name[2 * i]);

		if (!at || (i < 31 && name[2 * i + 1] != '.'))
			return false;
		addr[15 - i / 2] |= (uint8_t)((at - hex) << (i & 1 ? 4 : 0));
	}
	frame_v6(own, addr[15]);
	if (memcmp(addr, own, 8))
		return false;
	*member = memcmp(addr, own, 16) ? 0 : addr[15];
	return true;
}

// What is asked about.
enum subject { NOT_OURS, FORWARD, REVERSE };

static enum subject find_subject(const struct names *n, struct question *q, uint8_t *member)
{
	*member = n->find(n->arg, q->name);
	if (*member)
		return FORWARD;
	if (strip(q->name, "in-addr.arpa"))
		return reverse4(q->name, member) ? REVERSE : NOT_OURS;
	if (strip(q->name, "ip6.arpa"))
		return reverse6(q->name, member) ? REVERSE : NOT_OURS;
	if (strip(q->name, n->network)) {
		*member = n->find(n->arg, q->name);
		return FORWARD;
	}
	return strchr(q->name, '.') || !strcmp(q->name, "localhost") ? NOT_OURS : FORWARD;
}

// Writes a domain name of labels without compression. Gives its length.
static size_t put_name(uint8_t *to, const char *text)
{
	size_t at = 0;

	while (*text) {
		size_t n = strcspn(text, ".");

		to[at++] = (uint8_t)n;
		memcpy(to + at, text, n);
		at += n;
		text += n + (text[n] == '.');
	}
	to[at++] = 0;
	return at;
}

// A record about the question's name, at `at`. Gives what is behind it.
static size_t put_record(uint8_t *a, size_t at, unsigned type, const void *data, size_t n)
{
	put16(a + at, 0xc000 | HEADER); // RFC 1035, 4.1.4: the name of the question
	put16(a + at + 2, type);
	put16(a + at + 4, CLASS_IN);
	put16(a + at + 6, 0);
	put16(a + at + 8, NAMES_TTL);
	put16(a + at + 10, (unsigned)n);
	memcpy(a + at + 12, data, n);
	put16(a + 6, get16(a + 6) + 1);
	return at + 12 + n;
}

static size_t put_addresses(uint8_t *a, size_t at, unsigned type, uint8_t member)
{
	uint32_t v4 = frame_v4(member);
	uint8_t v6[16];

	frame_v6(v6, member);
	if (type == TYPE_A || type == TYPE_ANY)
		at = put_record(a, at, TYPE_A, &v4, 4);
	if (type == TYPE_AAAA || type == TYPE_ANY)
		at = put_record(a, at, TYPE_AAAA, v6, 16);
	return at;
}

static size_t put_pointer(const struct names *n, uint8_t *a, size_t at, uint8_t member)
{
	uint8_t wire[2 * LABEL_MAX + 4];
	char text[2 * LABEL_MAX + 2];

	snprintf(text, sizeof(text), "%s.%s", n->name_of(n->arg, member), n->network);
	return put_record(a, at, TYPE_PTR, wire, put_name(wire, text));
}

_Static_assert(HEADER + 255 + 4 + 12 + 2 * LABEL_MAX + 4 + 12 + 16 <= NAMES_ANSWER_MAX,
	       "every answer fits");

size_t names_answer(const struct names *n, const uint8_t *query, size_t len,
		    uint8_t answer[NAMES_ANSWER_MAX])
{
	struct question q;
	enum subject s;
	uint8_t member;
	bool known;
	size_t at;

	if (!parse(query, len, &q))
		return 0;
	s = find_subject(n, &q, &member);
	if (s == NOT_OURS)
		return 0;
	known = member && n->name_of(n->arg, member);
	at = q.end;
	memcpy(answer, query, at);
	answer[2] = (uint8_t)(FLAG_QR | FLAG_AA | (query[2] & FLAG_RD));
	answer[3] = (uint8_t)(FLAG_RA | (known ? OK : NO_SUCH_NAME));
	memset(answer + 6, 0, 6);
	if (known && s == FORWARD)
		at = put_addresses(answer, at, q.type, member);
	if (known && s == REVERSE && (q.type == TYPE_PTR || q.type == TYPE_ANY))
		at = put_pointer(n, answer, at, member);
	return at;
}

// The headers of a query by UDP to the name server, without IP options and not in fragments. Gives
// the offset of the message with *len its length, or 0.
static size_t find_message(const uint8_t *f, size_t len, size_t *message)
{
	const uint8_t *ip = f + FRAME_ETHERNET, *udp = ip + 20;
	uint32_t server = frame_v4(GATEWAY_NAME_SERVER);

	if (len < FRAME_ETHERNET + 28 || get16(f + 12) != 0x0800 || ip[0] != 0x45 || ip[9] != 17 ||
	    (get16(ip + 6) & 0x3fff) || memcmp(ip + 16, &server, 4) || get16(udp + 2) != 53)
		return 0;
	*message = get16(udp + 4);
	if (*message < 8 || *message > len - FRAME_ETHERNET - 20 ||
	    get16(ip + 2) < 20 + *message || get16(ip + 2) > len - FRAME_ETHERNET)
		return 0;
	*message -= 8;
	return FRAME_ETHERNET + 28;
}

size_t names_frame(const struct names *n, const uint8_t *f, size_t len, uint8_t *reply)
{
	uint8_t *ip = reply + FRAME_ETHERNET, *udp = ip + 20;
	size_t size, at = find_message(f, len, &size);
	uint16_t sum;

	if (at)
		size = names_answer(n, f + at, size, reply + at);
	if (!at || !size)
		return 0;
	memcpy(reply, f + 6, 6);
	memcpy(reply + 6, f, 6);
	memset(ip, 0, 28);
	put16(reply + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, (unsigned)(28 + size));
	ip[8] = 64;
	ip[9] = 17;
	memcpy(ip + 12, f + FRAME_ETHERNET + 16, 4);
	memcpy(ip + 16, f + FRAME_ETHERNET + 12, 4);
	sum = (uint16_t)~frame_sum(0, ip, 20);
	memcpy(ip + 10, &sum, 2);
	put16(udp, 53);
	memcpy(udp + 2, f + FRAME_ETHERNET + 20, 2);
	put16(udp + 4, (unsigned)(8 + size)); // its checksum stays 0: none (RFC 768)
	return at + size;
}
