// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Arguments arrive as given, empty of surprises.
//
// ARGS: one two=2 --three -4 *
#include "t.h"

int main(int argc, char **argv)
{
	SHOW(argc);
	for (int i = 1; i < argc; i++)
		say("%s", argv[i]);
	CHECK(argv[argc] == NULL);
	CHECK(strlen(argv[0]) > 0);
	return 0;
}
