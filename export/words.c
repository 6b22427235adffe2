// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <export/words.h>

// In single quotes GRUB's script takes everything as it stands but the single quote itself.
#define QUOTE "'\\''"

struct writer {
	char *text, *to;
	bool in_word, any; // any: of the word that is being written
};

static void open_word(struct writer *w)
{
	if (!w->in_word)
		w->to = stpcpy(w->to, " '");
	w->in_word = true;
}

// An empty word would be lost on its way through GRUB.
static int close_word(struct writer *w, struct failure *why)
{
	if (!w->in_word)
		return 0;
	if (!w->any)
		return failure_set(why, -EINVAL,
				   "--append: a word is empty: GRUB cannot pass that on");
	w->to = stpcpy(w->to, "'");
	w->in_word = w->any = false;
	return 0;
}

static void put(struct writer *w, char c)
{
	open_word(w);
	w->any = true;
	if (c == '\'')
		w->to = stpcpy(w->to, QUOTE);
	else
		*w->to++ = c;
}

static int take(struct writer *w, const char *p, struct failure *why)
{
	bool quoted = false;
	int err = 0;

	for (; *p && !err; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return failure_set(why, -EINVAL,
					   "--append: control characters have no place in a "
					   "command line");
		if (*p == '"') {
			quoted = !quoted;
			open_word(w);
		} else if (*p == ' ' && !quoted) {
			err = close_word(w, why);
		} else if (*p == '\\' && p[1] && strchr("\\\"'", p[1])) {
			put(w, *++p);
		} else {
			put(w, *p);
		}
	}
	if (!err && quoted)
		err = failure_set(why, -EINVAL, "--append: a \" is missing at the end of %s",
				  w->text + 1);
	return err ? err : close_word(w, why);
}

char *words_for_grub(const char *text, struct failure *why)
{
	// At worst each character is a word of its own, or a quote.
	struct writer w = { .text = calloc(strlen(text) + 1, sizeof(QUOTE) + 3) };
	int err;

	if (!w.text) {
		failure_errno(why, -ENOMEM, "--append");
		return NULL;
	}
	w.to = w.text;
	err = take(&w, text, why);
	if (err) {
		free(w.text);
		return NULL;
	}
	*w.to = 0;
	return w.text;
}

