// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// qsort and bsearch over numbers and strings.
#include "t.h"

static int by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
	return x < y ? -1 : x > y;
}

static int by_text(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

int main(void)
{
	static unsigned n[20000], x = 7;
	const char *words[] = { "pear", "apple", "fig", "banana", "cherry" };
	for (int i = 0; i < 20000; i++)
		n[i] = x = x * 1664525 + 1013904223;
	unsigned want = n[777];
	qsort(n, 20000, sizeof n[0], by_number);
	int wrong = 0;
	for (int i = 1; i < 20000; i++)
		wrong += n[i - 1] > n[i];
	SHOW(wrong);
	CHECK(bsearch(&want, n, 20000, sizeof n[0], by_number) != NULL);
	qsort(words, 5, sizeof words[0], by_text);
	for (int i = 0; i < 5; i++)
		say("%s", words[i]);
	return 0;
}
