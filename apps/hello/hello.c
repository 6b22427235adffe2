// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <stdio.h>

int main(int argc, char **argv)
{
	printf("Hello from %s\n", argc > 1 ? argv[1] : "Pith");
	return 0;
}
