// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Scripts: the interpreter gets its argument, the script's path, and the arguments.
//
// LINK: static-pie
#include "child.h"

static void run(const char *what, char *const argv[])
{
	pid_t pid = FORK((execve(argv[0], argv, NULL), say("%s: %s", what, err_name(errno)), 1));
	t_reap(what, pid);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		for (int i = 1; i < argc; i++)
			say("  [%s]", argv[i]);
		return argc;
	}
	t_dir();
	t_file("one", "#!/proc/self/exe\n");
	t_file("two", "#! \t/proc/self/exe  -a  b \nrest");
	t_file("three", "#!./two x\n");
	t_file("noline", "#!/proc/self/exe y");
	chmod("one", 0755), chmod("two", 0755), chmod("three", 0755), chmod("noline", 0755);
	run("one", (char *[]){ "./one", "p", "q", NULL });
	run("two", (char *[]){ "./two", NULL });
	run("three", (char *[]){ "./three", "z", NULL });
	run("noline", (char *[]){ "./noline", NULL });
	return 0;
}
