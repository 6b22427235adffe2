// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Domain names; see name.h.
#include "name.h"

#include <errno.h>
#include <string.h>

#define HASH_SEED 2166136261u  // FNV-1a, 32 bits
#define HASH_PRIME 16777619u

unsigned name_len(const uint8_t *wire)
{
	unsigned n = 0;

	while (wire[n])
		n += wire[n] + 1u;
	return n + 1;
}

static void key_hash(struct name_key *key)
{
	uint32_t h = HASH_SEED;

	key->hash[key->labels] = h;
	for (unsigned i = key->labels; i-- > 0;) {
		const uint8_t *p = key->lower + key->off[i];
		const uint8_t *end = p + *p + 1;

		for (; p < end; p++)
			h = (h ^ *p) * HASH_PRIME;
		key->hash[i] = h;
	}
}

void name_key_init(struct name_key *key, const uint8_t *wire)
{
	name_key_parse(key, wire, wire + NAME_MAX_LEN);
}

int name_key_parse(struct name_key *key, const uint8_t *p, const uint8_t *end)
{
	unsigned room = end - p > NAME_MAX_LEN ? NAME_MAX_LEN : (unsigned)(end - p);
	unsigned n = 0, labels = 0;

	for (;;) {
		if (n >= room)
			return -EBADMSG;
		key->off[labels] = (uint8_t)n;
		unsigned len = p[n];
		if (len > LABEL_MAX_LEN || (len && n + len + 2 > room))
			return -EBADMSG;
		key->lower[n++] = (uint8_t)len;
		if (!len)
			break;
		labels++;
		for (unsigned stop = n + len; n < stop; n++)
			key->lower[n] = name_lower_octet(p[n]);
	}
	key->len = (uint8_t)n;
	key->labels = (uint8_t)labels;
	key_hash(key);
	return (int)n;
}

int name_is_below(const uint8_t *name, const uint8_t *zone)
{
	unsigned have = name_len(name), want = name_len(zone);

	while (have > want) {
		have -= *name + 1u;
		name += *name + 1;
	}
	return have == want && !memcmp(name, zone, want);
}

int name_text_octet(const char *s, size_t n, size_t *i, int *escaped)
{
	unsigned char c = (unsigned char)s[(*i)++];
	unsigned v = 0;

	*escaped = c == '\\';
	if (c != '\\')
		return c;
	if (*i >= n)
		return -EINVAL;
	if (s[*i] < '0' || s[*i] > '9')
		return (unsigned char)s[(*i)++];
	for (int d = 0; d < 3; d++, (*i)++) {
		if (*i >= n || s[*i] < '0' || s[*i] > '9')
			return -EINVAL;
		v = v * 10 + (unsigned)(s[*i] - '0');
	}
	return v > 255 ? -EINVAL : (int)v;
}

static int name_fail(const char **why, const char *text)
{
	*why = text;
	return -EINVAL;
}

// Appends the origin to the labels written so far.
static int name_finish(uint8_t *out, unsigned n, const uint8_t *origin, const char **why)
{
	unsigned more;

	if (!origin)
		return name_fail(why, "relative name, but no $ORIGIN and no -o before it");
	more = name_len(origin);
	if (n + more > NAME_MAX_LEN)
		return name_fail(why, "name is longer than 255 octets");
	memcpy(out + n, origin, more);
	return (int)(n + more);
}

int name_from_text(uint8_t out[NAME_MAX_LEN], const char *s, size_t n, const uint8_t *origin,
		   const char **why)
{
	unsigned label = 0, at = 1; // where the open label's length goes; where the next octet goes
	int escaped, c;

	if (n == 1 && *s == '@')
		return name_finish(out, 0, origin, why);
	if (n == 1 && *s == '.')
		return name_finish(out, 0, (const uint8_t *)"", why);
	if (!n)
		return name_fail(why, "empty name");
	for (size_t i = 0; i < n;) {
		c = name_text_octet(s, n, &i, &escaped);
		if (c < 0)
			return name_fail(why, "bad escape in name: \\DDD has three digits, to 255");
		if (c != '.' || escaped) {
			if (at - label - 1 >= LABEL_MAX_LEN)
				return name_fail(why, "label is longer than 63 octets");
			if (at >= NAME_MAX_LEN - 1)
				return name_fail(why, "name is longer than 255 octets");
			out[at++] = name_lower_octet((uint8_t)c);
			continue;
		}
		if (at == label + 1)
			return name_fail(why, "empty label in name");
		out[label] = (uint8_t)(at - label - 1);
		label = at++;
		if (i == n)
			return name_finish(out, label, (const uint8_t *)"", why);
	}
	out[label] = (uint8_t)(at - label - 1);
	return name_finish(out, at, origin, why);
}
