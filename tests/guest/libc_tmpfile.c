// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// tmpfile and mkstemp make files of their own.
#include "t.h"

int main(void)
{
	char a[] = "name-XXXXXX", b[] = "name-XXXXXX", text[16];
	struct stat st;
	t_dir();
	FILE *f = tmpfile();
	CHECK(f != NULL);
	SHOW(fputs("temporary", f) >= 0);
	rewind(f);
	say("%s", fgets(text, sizeof text, f));
	NEED(fstat(fileno(f), &st) == 0);
	SHOW(st.st_nlink);
	int fd = mkstemp(a);
	CHECK(fd >= 0 && mkstemp(b) >= 0);
	CHECK(strcmp(a, b) != 0);
	NEED(fstat(fd, &st) == 0);
	say("%o", st.st_mode & 07777);
	char bad[] = "no-pattern";
	CHECK_ERR(mkstemp(bad), EINVAL);
	return 0;
}
