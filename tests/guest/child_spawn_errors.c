// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// posix_spawn tells why the child could not begin.
//
// ERROR: yes
#include "child.h"
#include <spawn.h>

int main(void)
{
	char *args[] = { "x", NULL };
	posix_spawn_file_actions_t fa;
	pid_t pid;
	t_dir();
	t_file("plain", "text");
	SHOW_RC(posix_spawn(&pid, "/none", NULL, NULL, args, environ));
	SHOW_RC(posix_spawn(&pid, "./plain", NULL, NULL, args, environ));
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/none", O_RDONLY, 0);
	SHOW_RC(posix_spawn(&pid, SELF, &fa, NULL, args, environ));
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, 77, 0);
	SHOW_RC(posix_spawn(&pid, SELF, &fa, NULL, args, environ));
	CHECK_ERR(wait(NULL), ECHILD);
	return 0;
}
