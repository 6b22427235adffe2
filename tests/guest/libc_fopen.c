// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// fopen's modes, fread, fwrite, fseek, ftell, ungetc.
//
// LINK: static-pie
#include "t.h"

int main(void)
{
	char buf[32] = { 0 };
	t_dir();
	FILE *f = fopen("a", "w+");
	SHOW(fwrite("hello world", 1, 11, f));
	SHOW(ftell(f));
	SHOW(fseek(f, 6, SEEK_SET));
	SHOW(fread(buf, 1, 32, f));
	say("%s eof %d", buf, !!feof(f));
	rewind(f);
	SHOW(fgetc(f));
	SHOW(ungetc('H', f));
	SHOW(fgetc(f));
	SHOW(fseek(f, -2, SEEK_END));
	SHOW(fputs("LD", f));
	SHOW(fclose(f));
	f = fopen("a", "a+");
	SHOW(fputs("!", f));
	rewind(f);
	say("%s", fgets(buf, sizeof buf, f));
	SHOW(fclose(f));
	f = fopen("a", "r+");
	SHOW(fprintf(f, "%s-%d", "x", 5));
	SHOW(fclose(f));
	f = freopen("a", "r", fopen("/dev/null", "r"));
	say("%s", fgets(buf, sizeof buf, f));
	return 0;
}
