// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// An undefined instruction without a handler: status 132.
//
// STATUS: 132
// ERROR: yes
#include "t.h"

int main(void)
{
	say("executing ud2");
	__asm__ volatile("ud2");
	return 0;
}
