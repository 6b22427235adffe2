// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Nothing on standard input is its end at once.
#include "t.h"

int main(void)
{
	char c;
	SHOW(read(0, &c, 1));
	SHOW(read(0, &c, 1));
	struct pollfd f = { 0, POLLIN, 0 };
	SHOW(poll(&f, 1, 1000));
	return 0;
}
