// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Lists of words: a command line on its way.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <monitor/qemu/half.h>

// What no shell gives a meaning.
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%"

static bool grow(struct words *w)
{
	unsigned room = w->room ? 2 * w->room : 64;
	char **at = realloc(w->at, room * sizeof(*at));

	if (!at)
		return false;
	memset(at + w->room, 0, (room - w->room) * sizeof(*at));
	w->at = at;
	w->room = room;
	return true;
}

void words_add(struct words *w, const char *fmt, ...)
{
	va_list ap;

	// One place stays NULL.
	if (w->failed || (w->count + 2 > w->room && !grow(w))) {
		w->failed = true;
		return;
	}
	va_start(ap, fmt);
	if (vasprintf(&w->at[w->count], fmt, ap) < 0) {
		w->at[w->count] = NULL;
		w->failed = true;
	} else {
		w->count++;
	}
	va_end(ap);
}

void words_free(struct words *w)
{
	for (unsigned i = 0; i < w->count; i++)
		free(w->at[i]);
	free(w->at);
	memset(w, 0, sizeof(*w));
}

static void put_word(FILE *to, const char *word)
{
	if (*word && !word[strspn(word, PLAIN)]) {
		fputs(word, to);
		return;
	}
	fputc('\'', to);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", to);
		else
			fputc(*word, to);
	}
	fputc('\'', to);
}

char *words_shell(const struct words *w)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	for (unsigned i = 0; to && i < w->count; i++) {
		if (i)
			fputc(' ', to);
		put_word(to, w->at[i]);
	}
	if (to && !fclose(to))
		return text;
	free(text);
	return NULL;
}
