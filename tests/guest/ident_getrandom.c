// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// getrandom fills what it is given, differently each time.
#include "t.h"
#include <sys/random.h>

int main(void)
{
	unsigned char a[256] = { 0 }, b[256] = { 0 };
	SHOW(getrandom(a, sizeof a, 0));
	SHOW(getrandom(b, sizeof b, GRND_NONBLOCK));
	CHECK(memcmp(a, b, sizeof a) != 0);
	SHOW(getrandom(b, 32, GRND_RANDOM));
	SHOW(getrandom(b, 0, 0));
	SHOW(getentropy(a, 32));
	int values = 0;
	for (int i = 0; i < 256; i++)
		values += a[i] != 0;
	CHECK(values > 128);
	return 0;
}
