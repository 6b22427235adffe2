// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Messages of the start-up code, for the console once there is one.
#include <platform/pc/start/start.h>

static void add(struct start *s, const char *text)
{
	for (; *text && s->note_len < sizeof(s->pc.notes) - 2; text++)
		s->pc.notes[s->note_len++] = *text;
}

void start_note(struct start *s, const char *what, const char *arg)
{
	add(s, "pith: ");
	add(s, what);
	add(s, arg);
	s->pc.notes[s->note_len++] = '\n';
	if (s->note_len > sizeof(s->pc.notes) - 2)
		s->note_len = sizeof(s->pc.notes) - 2;
}

const char *start_hex(char text[20], uint64_t v)
{
	char *p = text + 19;

	*p = 0;
	do
		*--p = "0123456789abcdef"[v & 15];
	while (v >>= 4);
	*--p = 'x';
	*--p = '0';
	return p;
}
