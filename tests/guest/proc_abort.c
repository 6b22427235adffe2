// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// abort: status 134.
//
// STATUS: 134
// ERROR: yes
#include "t.h"

int main(void)
{
	say("aborting");
	abort();
}
