// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Unpacks deflate (RFC 1951), as small as can be: a code is walked bit by bit, its symbols in order of
// their lengths. Nothing is checked but what ends a loop: the builder has made the bytes, and whoever
// could damage them could as well change this code.
#include <platform/pc/stage1/inflate.h>

#define LENGTHS 16 // bits of a symbol: 1 to 15
#define SYMBOLS 288
#define DISTANCES 32
#define END_OF_BLOCK 256

struct code {
	uint16_t count[LENGTHS]; // symbols of this length
	uint16_t symbol[SYMBOLS]; // by length, then by value
};

struct stream {
	const uint8_t *in;
	uint8_t *out;
	uint32_t hold;
	unsigned have; // bits in hold
	struct code literal, distance;
};

// At least 16 bits in hold. It may look a little beyond the end of the stream, into the file.
static void fill(struct stream *s)
{
	for (; s->have <= 16; s->have += 8)
		s->hold |= (uint32_t)*s->in++ << s->have;
}

static unsigned bits(struct stream *s, unsigned n)
{
	unsigned v;

	fill(s);
	v = s->hold & ((1u << n) - 1);
	s->hold >>= n;
	s->have -= n;
	return v;
}

// Codes of a length are numbers in a row, `first` the first of them (3.2.2).
static unsigned symbol(struct stream *s, const struct code *c)
{
	unsigned code = 0, first = 0, index = 0, hold;

	fill(s);
	hold = s->hold;
	for (unsigned len = 1; len < LENGTHS; len++) {
		unsigned n = c->count[len];

		code |= hold & 1;
		hold >>= 1;
		if (code - first < n) {
			s->hold = hold;
			s->have -= len;
			return c->symbol[index + code - first];
		}
		index += n;
		first = (first + n) << 1;
		code <<= 1;
	}
	return END_OF_BLOCK;
}

static void make(struct code *c, const uint8_t *length, unsigned n)
{
	unsigned k = 0;

	for (unsigned len = 0; len < LENGTHS; len++) {
		c->count[len] = 0;
		for (unsigned i = 0; i < n; i++) {
			if (length[i] != len)
				continue;
			c->count[len]++;
			if (len)
				c->symbol[k++] = (uint16_t)i;
		}
	}
}

static void fixed_codes(struct stream *s) // 3.2.6
{
	uint8_t length[SYMBOLS];

	for (unsigned i = 0; i < SYMBOLS; i++)
		length[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	make(&s->literal, length, SYMBOLS);
	for (unsigned i = 0; i < DISTANCES; i++)
		length[i] = 5;
	make(&s->distance, length, DISTANCES);
}

static void read_codes(struct stream *s) // 3.2.7
{
	static const uint8_t order[19] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
					   11, 4,  12, 3, 13, 2, 14, 1, 15 };
	uint8_t length[SYMBOLS + DISTANCES];
	unsigned literals = bits(s, 5) + 257, distances = bits(s, 5) + 1, n = bits(s, 4) + 4;

	for (unsigned i = 0; i < 19; i++)
		length[order[i]] = i < n ? (uint8_t)bits(s, 3) : 0;
	make(&s->literal, length, 19);
	for (n = 0; n < literals + distances;) {
		unsigned sym = symbol(s, &s->literal), value = 0, times = 1;

		if (sym < 16)
			value = sym;
		else if (sym == 16)
			value = length[n - 1];
		if (sym >= 16)
			times = sym == 16 ? 3 + bits(s, 2) : sym == 17 ? 3 + bits(s, 3) : 11 + bits(s, 7);
		while (times-- && n < sizeof(length))
			length[n++] = (uint8_t)value;
	}
	make(&s->literal, length, literals);
	make(&s->distance, length + literals, distances);
}

// A length or a distance: groups of `step` symbols have one more bit each (3.2.5).
static unsigned extended(struct stream *s, unsigned sym, unsigned step)
{
	unsigned more = sym < 2 * step ? 0 : sym / step - 1;

	return (more ? (step + sym % step) << more : sym) + bits(s, more);
}

static void block(struct stream *s)
{
	unsigned sym, len, dist;

	while ((sym = symbol(s, &s->literal)) != END_OF_BLOCK) {
		if (sym < END_OF_BLOCK) {
			*s->out++ = (uint8_t)sym;
			continue;
		}
		len = sym == 285 ? 258 : 3 + extended(s, sym - 257, 4);
		dist = 1 + extended(s, symbol(s, &s->distance), 2);
		for (; len; len--, s->out++)
			*s->out = *(s->out - dist);
	}
}

static void stored(struct stream *s) // 3.2.4
{
	unsigned len;

	s->in -= s->have / 8;
	s->hold = s->have = 0;
	len = s->in[0] | s->in[1] << 8;
	for (s->in += 4; len; len--)
		*s->out++ = *s->in++;
}

void inflate(const uint8_t *in, uint8_t *out)
{
	struct stream s;
	unsigned last, kind;

	s.in = in;
	s.out = out;
	s.hold = s.have = 0;
	do {
		last = bits(&s, 1);
		kind = bits(&s, 2);
		if (!kind) {
			stored(&s);
			continue;
		}
		if (kind == 1)
			fixed_codes(&s);
		else
			read_codes(&s);
		block(&s);
	} while (!last);
}
