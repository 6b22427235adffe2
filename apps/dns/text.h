// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// A bounded text under construction: messages without stdio, which would cost 10 KB of image.
// What does not fit is cut; the text always ends with a NUL.
#ifndef DNS_TEXT_H
#define DNS_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct text {
	char *buf;
	size_t cap;
	size_t len;
};

void text_init(struct text *t, char *buf, size_t cap);
void text_mem(struct text *t, const char *s, size_t n);
void text_str(struct text *t, const char *s);
void text_num(struct text *t, uint32_t n);
// A domain name in wire format, as a zone file would spell it.
void text_name(struct text *t, const uint8_t *wire);
// Writes the text to a descriptor; what cannot be written is lost.
void text_put(const struct text *t, int fd);

#endif
