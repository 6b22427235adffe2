// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Streams that cannot be opened or used.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char c;
	t_dir();
	t_file("a", "x");
	NEED(mkdir("d", 0700) == 0);
	CHECK(fopen("none", "r") == NULL && errno == ENOENT);
	CHECK(fopen("d", "w") == NULL && errno == EISDIR);
	CHECK(fopen("a", "wx") == NULL && errno == EEXIST);
	CHECK(fopen("a/b", "r") == NULL && errno == ENOTDIR);
	FILE *f = fopen("a", "r");
	SHOW(fputc('x', f));
	SHOW(!!ferror(f));
	clearerr(f);
	SHOW(!!ferror(f));
	CHECK_ERR(fseek(f, -1, SEEK_SET), EINVAL);
	f = fopen("d", "r");
	SHOW(fread(&c, 1, 1, f));
	CHECK(errno == EISDIR);
	f = fopen("a", "w");
	SHOW(fgetc(f));
	return 0;
}
