// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Only the low eight bits of a status count.
//
// STATUS: 3
#include "t.h"

int main(void)
{
	exit(256 + 3);
}
