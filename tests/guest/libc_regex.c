// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// POSIX regular expressions and fnmatch.
//
// ERROR: yes
#include "t.h"
#include <fnmatch.h>
#include <regex.h>

int main(void)
{
	regex_t re;
	regmatch_t m[3];
	SHOW(regcomp(&re, "^([a-z]+)=([0-9]+)$", REG_EXTENDED));
	SHOW(regexec(&re, "width=120", 3, m, 0));
	say("%d-%d %d-%d", (int)m[1].rm_so, (int)m[1].rm_eo, (int)m[2].rm_so, (int)m[2].rm_eo);
	SHOW(regexec(&re, "width=", 3, m, 0) == REG_NOMATCH);
	regfree(&re);
	CHECK(regcomp(&re, "a(b", REG_EXTENDED) == REG_EPAREN);
	CHECK(regcomp(&re, "[a", REG_EXTENDED) == REG_EBRACK);
	SHOW(fnmatch("*.c", "file.c", 0));
	SHOW(fnmatch("*.c", "dir/file.c", FNM_PATHNAME) == FNM_NOMATCH);
	return 0;
}
