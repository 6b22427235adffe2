// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <string.h>

#include <image/script.h>

bool script_split(char *text, char **interpreter, char **argument)
{
	size_t len;
	char *at;

	if (text[0] != '#' || text[1] != '!')
		return false;
	len = strcspn(text, "\n");
	while (len > 2 && strchr(" \t\r", text[len - 1]))
		len--;
	text[len] = 0;
	at = text + 2 + strspn(text + 2, " \t");
	*interpreter = at;
	at += strcspn(at, " \t");
	if (*at)
		*at++ = 0;
	*argument = at + strspn(at, " \t");
	return true;
}

bool script_by_env(const char *interpreter)
{
	return !strcmp(interpreter, "/usr/bin/env") || !strcmp(interpreter, "/bin/env");
}
