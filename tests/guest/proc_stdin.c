// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Standard input is read to its end.
//
// STDIN: first line\nsecond line\n
#include "t.h"

int main(void)
{
	char line[64];
	while (fgets(line, sizeof line, stdin))
		printf("[%.*s]\n", (int)strcspn(line, "\n"), line);
	printf("eof %d error %d\n", !!feof(stdin), !!ferror(stdin));
	return 0;
}
