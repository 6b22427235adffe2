// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Shows how it was started, and what files are: for images that were made of archives.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

extern char **environ;

static int show(int argc, char **argv)
{
	char cwd[4096];

	for (int i = 0; i < argc; i++)
		printf("arg %s\n", argv[i]);
	for (char **e = environ; *e; e++)
		printf("env %s\n", *e);
	printf("cwd %s\n", getcwd(cwd, sizeof(cwd)) ? cwd : "?");
	printf("uid %d %d gid %d %d\n", (int)getuid(), (int)geteuid(), (int)getgid(),
	       (int)getegid());
	return 0;
}

static int stats(char **paths)
{
	for (; *paths; paths++) {
		char target[4096] = "";
		struct stat st;

		if (lstat(*paths, &st)) {
			printf("%s: %m\n", *paths);
			continue;
		}
		if (S_ISLNK(st.st_mode) && readlink(*paths, target, sizeof(target) - 1) < 0)
			return 1;
		printf("%o %d:%d %llu %lu %lld.%ld %d,%d %s\n", st.st_mode, (int)st.st_uid,
		       (int)st.st_gid, (unsigned long long)st.st_size, (unsigned long)st.st_nlink,
		       (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (int)major(st.st_rdev),
		       (int)minor(st.st_rdev), target);
	}
	return 0;
}

static int list(const char *path)
{
	struct dirent **e;
	int n = scandir(path, &e, NULL, alphasort);

	for (int i = 0; i < n; i++)
		if (strcmp(e[i]->d_name, ".") && strcmp(e[i]->d_name, ".."))
			puts(e[i]->d_name);
	return n < 0;
}

// Size, and each place that has other bytes than zeros, in pages.
static int pages(const char *path)
{
	static char page[4096];
	FILE *f = fopen(path, "r");
	long long at = 0;
	size_t n;

	while (f && (n = fread(page, 1, sizeof(page), f)) > 0) {
		for (size_t i = 0; i < n; i++)
			if (page[i]) {
				printf("%lld %.8s\n", at + (long long)i, page + i);
				break;
			}
		at += (long long)n;
	}
	printf("size %lld\n", at);
	return !f;
}

static int at(const char *path, const char *off)
{
	char bytes[9] = "";
	FILE *f = fopen(path, "r");

	if (!f || fseeko(f, strtoll(off, NULL, 10), SEEK_SET) || fread(bytes, 1, 8, f) == 0)
		return 1;
	puts(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "show";

	if (!strcmp(verb, "stat"))
		return stats(argv + 2);
	if (!strcmp(verb, "list") && argc > 2)
		return list(argv[2]);
	if (!strcmp(verb, "pages") && argc > 2)
		return pages(argv[2]);
	if (!strcmp(verb, "at") && argc > 3)
		return at(argv[2], argv[3]);
	return show(argc, argv);
}
