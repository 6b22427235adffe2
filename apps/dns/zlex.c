// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The lexer of zone files; see zlex.h.
#include "zlex.h"

#include <errno.h>
#include <string.h>

void zlex_init(struct zlex *lx, const char *text, size_t n)
{
	*lx = (struct zlex){ .p = text, .end = text + n, .bol = text, .line = 1 };
}

static int zlex_fail(struct zlex *lx, const char *why)
{
	lx->why = why;
	return -EINVAL;
}

static int lex_string(struct zlex *lx, struct token *t)
{
	t->kind = TOKEN_STRING;
	t->s = ++lx->p;
	while (lx->p < lx->end && *lx->p != '"' && *lx->p != '\n') {
		if (*lx->p == '\\' && lx->p + 1 < lx->end && lx->p[1] != '\n')
			lx->p++;
		lx->p++;
	}
	if (lx->p == lx->end || *lx->p == '\n')
		return zlex_fail(lx, "unterminated quoted string");
	t->n = (size_t)(lx->p++ - t->s);
	return 0;
}

static int lex_word(struct zlex *lx, struct token *t)
{
	t->kind = TOKEN_WORD;
	t->s = lx->p;
	while (lx->p < lx->end && !memchr(" \t\r\n;()\"", *lx->p, 8)) {
		if (*lx->p == '\\') {
			if (lx->p + 1 == lx->end || lx->p[1] == '\n')
				return zlex_fail(lx, "backslash at the end of a line");
			lx->p++;
		}
		lx->p++;
	}
	t->n = (size_t)(lx->p - t->s);
	return 0;
}

// Takes one character that is no token. 1: it ends the record.
static int lex_skip(struct zlex *lx)
{
	switch (*lx->p++) {
	case ';':
		while (lx->p < lx->end && *lx->p != '\n')
			lx->p++;
		return 0;
	case '\n':
		lx->line++;
		lx->bol = lx->p;
		return !lx->depth;
	case '(':
		if (!lx->depth++)
			lx->opened = lx->line;
		return 0;
	case ')':
		if (!lx->depth)
			return zlex_fail(lx, "closing parenthesis without an opening one");
		lx->depth--;
		return 0;
	default:
		return 0;
	}
}

int zlex_next(struct zlex *lx, struct token *t)
{
	int r = 0;

	*t = (struct token){ .kind = TOKEN_EOF };
	while (lx->p < lx->end && memchr(" \t\r;\n()", *lx->p, 7)) {
		t->line = lx->line;
		r = lex_skip(lx);
		if (r < 0)
			return r;
		if (r) {
			t->kind = TOKEN_END;
			return 0;
		}
	}
	t->line = lx->line;
	if (lx->p == lx->end) {
		if (!lx->depth)
			return 0;
		t->line = lx->opened;
		return zlex_fail(lx, "missing closing parenthesis");
	}
	t->first = lx->p == lx->bol && !lx->depth;
	return *lx->p == '"' ? lex_string(lx, t) : lex_word(lx, t);
}
