// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Scripts whose interpreters are scripts end somewhere.
//
// ERROR: yes
// LINK: static-pie
#include "child.h"

int main(int argc, char **argv)
{
	char name[8], text[32], *args[] = { name, "arg", NULL };
	if (argc > 1) {
		say("%d arguments", argc);
		return 0;
	}
	t_dir();
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof name, "./s%d", i);
		snprintf(text, sizeof text, i ? "#!./s%d\n" : "#!/proc/self/exe\n", i - 1);
		t_file(name, text);
		chmod(name, 0755);
	}
	snprintf(name, sizeof name, "./s%d", 3);
	t_reap("four", FORK((execve(name, args, NULL), 1)));
	snprintf(name, sizeof name, "./s%d", 7);
	CHECK_ERR(execve(name, args, NULL), ELOOP);
	t_file("self", "#!./self\n");
	chmod("self", 0755);
	CHECK_ERR(execve("./self", args, NULL), ELOOP);
	return 0;
}
