// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /proc/self/maps: lines parse, are sorted, and hold what is known to be mapped, with the right
// permissions.
#include "t.h"

static int global;

int main(void)
{
	void *ro = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int local = 0, code = 0, data = 0, stack = 0, mapped = 0;
	unsigned long last = 0, from, to;
	char line[512], perms[8];
	FILE *file = fopen("/proc/self/maps", "r");
	CHECK(file != NULL);
	while (fgets(line, sizeof line, file)) {
		NEED(sscanf(line, "%lx-%lx %4s", &from, &to, perms) == 3);
		NEED(from >= last && to > from && strlen(perms) == 4);
		last = to;
#define IN(p) ((unsigned long)(p) >= from && (unsigned long)(p) < to)
		code += IN(main) && perms[0] == 'r' && perms[2] == 'x';
		data += IN(&global) && !strncmp(perms, "rw-", 3);
		stack += IN(&local) && !strncmp(perms, "rw-", 3);
		mapped += IN(ro) && !strncmp(perms, "r--p", 4);
	}
	SHOW(code);
	SHOW(data);
	SHOW(stack);
	SHOW(mapped);
	return 0;
}
