// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A program that does nothing for as long as it is let: what is measured is what is around it.
#include <signal.h>
#include <unistd.h>

int main(void)
{
	signal(SIGTERM, SIG_DFL);
	for (;;)
		pause();
}
