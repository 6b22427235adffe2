// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The lexer of zone files (RFC 1035 section 5.1): words, quoted strings and ends of records, with
// parentheses and comments taken out. Tokens point into the text; escapes are left in them.
#ifndef DNS_ZLEX_H
#define DNS_ZLEX_H

#include <stddef.h>

enum token_kind { TOKEN_EOF, TOKEN_END, TOKEN_WORD, TOKEN_STRING };

struct token {
	enum token_kind kind;
	int first;       // begins in the first column: it is an owner
	unsigned line;
	const char *s;
	size_t n;
};

struct zlex {
	const char *p;
	const char *end;
	const char *bol;  // where the current line begins
	unsigned line;
	unsigned depth;   // open parentheses
	unsigned opened;  // the line of the outermost
	const char *why;  // after an error
};

void zlex_init(struct zlex *lx, const char *text, size_t n);

// 0, or -EINVAL with lx->why, and t->line where it is.
int zlex_next(struct zlex *lx, struct token *t);

#endif
