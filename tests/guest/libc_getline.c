// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// getline and getdelim grow their buffer and tell the end.
//
// STDIN: short\n\nand a last line without an end
#include "t.h"

int main(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	while ((n = getline(&line, &room, stdin)) >= 0)
		say("%zd [%.*s]", n, (int)strcspn(line, "\n"), line);
	SHOW(!!feof(stdin));
	t_dir();
	FILE *f = fopen("a", "w+");
	for (int i = 0; i < 5000; i++)
		fputc('x', f);
	fputc(':', f);
	rewind(f);
	SHOW(getdelim(&line, &room, ':', f));
	CHECK(room > 5000);
	SHOW(getdelim(&line, &room, ':', f));
	return 0;
}
