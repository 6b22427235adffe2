// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Streams in memory and streams over pipes.
#include "t.h"

int main(void)
{
	char *text, fixed[16];
	size_t size;
	int p[2];
	FILE *f = open_memstream(&text, &size);
	fprintf(f, "%d %s", 12, "dozen");
	SHOW(fclose(f));
	say("%zu %s", size, text);
	f = fmemopen(fixed, sizeof fixed, "w");
	fputs("fits", f);
	SHOW(fclose(f));
	say("%s", fixed);
	NEED(pipe(p) == 0);
	FILE *in = fdopen(p[0], "r"), *out = fdopen(p[1], "w");
	fprintf(out, "through a pipe\n");
	SHOW(fclose(out));
	char line[32];
	say("%.14s", fgets(line, sizeof line, in));
	CHECK(fgets(line, sizeof line, in) == NULL);
	CHECK_ERR(fseek(in, 0, SEEK_SET), ESPIPE);
	return 0;
}
