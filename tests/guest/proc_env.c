// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The environment is what was given; setenv and unsetenv change it.
//
// ENV: COLOUR=green
// ENV: EMPTY=
// ENV: EQ=a=b
#include "t.h"

int main(void)
{
	say("%s", getenv("COLOUR"));
	say("[%s]", getenv("EMPTY"));
	say("%s", getenv("EQ"));
	CHECK(getenv("NOTHING") == NULL);
	SHOW(setenv("COLOUR", "red", 0));
	say("%s", getenv("COLOUR"));
	SHOW(setenv("COLOUR", "red", 1));
	say("%s", getenv("COLOUR"));
	SHOW(unsetenv("COLOUR"));
	CHECK(getenv("COLOUR") == NULL);
	CHECK_ERR(setenv("A=B", "x", 1), EINVAL);
	return 0;
}
