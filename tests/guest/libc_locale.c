// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The C locale, and the names and classes it gives.
#include "t.h"
#include <ctype.h>
#include <langinfo.h>
#include <locale.h>
#include <wchar.h>

int main(void)
{
	CHECK(setlocale(LC_ALL, "C") != NULL);
	say("%s", localeconv()->decimal_point);
	say("%s %s", nl_langinfo(DAY_1), nl_langinfo(MON_12));
	int classes = 0;
	for (int c = 0; c < 128; c++)
		classes += isalpha(c) ? 1 : isdigit(c) ? 1000 : isspace(c) ? 100000 : 0;
	SHOW(classes);
	say("%c%c", toupper('q'), tolower('Q'));
	wchar_t wide[8];
	SHOW(mbstowcs(wide, "wide", 8));
	SHOW(wcslen(wide));
	SHOW(strcoll("a", "b") < 0);
	return 0;
}
