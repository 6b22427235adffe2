// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// O_TRUNC empties, O_CREAT alone keeps what is there.
#include "t.h"

int main(void)
{
	struct stat st;
	t_dir();
	t_file("a", "some text");
	int fd = open("a", O_CREAT | O_WRONLY, 0600);
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	SHOW(close(fd));
	fd = open("a", O_TRUNC | O_WRONLY);
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	SHOW(write(fd, "xy", 2));
	SHOW(stat("a", &st));
	SHOW(st.st_size);
	return 0;
}
