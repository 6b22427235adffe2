// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// scandir with a filter, in order; glob; ftw over a tree.
#include "t.h"
#include <dirent.h>
#include <ftw.h>
#include <glob.h>

static int files, dirs;

static int only_txt(const struct dirent *e) { return strstr(e->d_name, ".txt") != NULL; }

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	files += type == FTW_F;
	dirs += type == FTW_DP;
	return remove(path);
}

int main(void)
{
	struct dirent **list;
	glob_t g;
	t_dir();
	NEED(mkdir("t", 0700) == 0 && mkdir("t/sub", 0700) == 0);
	const char *names[] = { "t/b.txt", "t/a.txt", "t/c.dat", "t/sub/d.txt" };
	for (int i = 0; i < 4; i++)
		t_file(names[i], "");
	int n = SHOW(scandir("t", &list, only_txt, alphasort));
	for (int i = 0; i < n; i++)
		say("%s", list[i]->d_name);
	SHOW(glob("t/*.txt", 0, NULL, &g));
	for (size_t i = 0; i < g.gl_pathc; i++)
		say("%s", g.gl_pathv[i]);
	SHOW(glob("t/*/?.txt", 0, NULL, &g));
	say("%s", g.gl_pathv[0]);
	SHOW(glob("t/*.none", 0, NULL, &g) == GLOB_NOMATCH);
	CHECK(scandir("none", &list, NULL, NULL) == -1 && errno == ENOENT);
	SHOW(nftw("t", visit, 10, FTW_DEPTH | FTW_PHYS));
	say("files %d dirs %d", files, dirs);
	CHECK_ERR(access("t", F_OK), ENOENT);
	return 0;
}
