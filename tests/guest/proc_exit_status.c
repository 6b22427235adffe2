// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// main's value is the status.
//
// STATUS: 7
#include "t.h"

int main(void)
{
	say("returning 7");
	return 7;
}
