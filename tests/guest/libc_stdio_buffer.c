// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Buffering: full, line, none, and what a reader of the file sees of each.
#include "t.h"

static long size(void)
{
	struct stat st;
	return stat("a", &st) == 0 ? st.st_size : -1;
}

int main(void)
{
	static char buf[1024];
	t_dir();
	FILE *f = fopen("a", "w");
	SHOW(setvbuf(f, buf, _IOFBF, sizeof buf));
	fputs("line\n", f);
	SHOW(size());
	SHOW(fflush(f));
	SHOW(size());
	SHOW(fclose(f));
	f = fopen("a", "w");
	SHOW(setvbuf(f, NULL, _IONBF, 0));
	fputs("abc", f);
	SHOW(size());
	SHOW(fclose(f));
	f = fopen("a", "w");
	SHOW(setvbuf(f, buf, _IOLBF, sizeof buf));
	fputs("one\ntwo", f);
	CHECK(size() >= 4);
	SHOW(fclose(f));
	SHOW(size());
	return 0;
}
