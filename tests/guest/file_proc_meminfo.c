// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /proc/meminfo has the lines that programs look for, with sane values.
#include "t.h"

int main(void)
{
	char line[256];
	unsigned long total = 0, avail = 0, kb;
	FILE *file = fopen("/proc/meminfo", "r");
	CHECK(file != NULL);
	while (fgets(line, sizeof line, file)) {
		if (sscanf(line, "MemTotal: %lu kB", &kb) == 1)
			total = kb;
		if (sscanf(line, "MemAvailable: %lu kB", &kb) == 1)
			avail = kb;
	}
	CHECK(total > 0);
	CHECK(avail > 0);
	CHECK(avail <= total);
	return 0;
}
