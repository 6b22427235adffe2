// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <host/archive.h>

#define TAR_MAGIC 257 // offset of "ustar"

static bool has_suffix(const char *path)
{
	static const char *const suffixes[] = { ".tar",	 ".tgz", ".txz",  ".tbz2",
						".tzst", ".oci", ".tar.", ".oci-tar" };
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		const char *at = strstr(name, suffixes[i]);
		size_t n = strlen(suffixes[i]);

		if (at && at > name && (!at[n] || at[n - 1] == '.'))
			return true;
	}
	return false;
}

static bool has_magic(const char *path)
{
	static const struct {
		const char *bytes;
		size_t len;
	} magic[] = {
		{ "\x1f\x8b", 2 },
		{ "BZh", 3 },
		{ "\xfd"
		  "7zXZ",
		  5 },
		{ "\x28\xb5\x2f\xfd", 4 },
		{ "\x04\x22\x4d\x18", 4 },
		{ "LZIP", 4 },
		{ "\x5d\x00\x00", 3 },
		{ "\x1f\x9d", 2 },
	};
	char head[512] = "";
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(head, 1, sizeof(head), f) : 0;

	if (f)
		fclose(f);
	for (size_t i = 0; i < sizeof(magic) / sizeof(magic[0]); i++)
		if (n >= magic[i].len && !memcmp(head, magic[i].bytes, magic[i].len))
			return true;
	return n == sizeof(head) && !memcmp(head + TAR_MAGIC, "ustar", 5);
}

bool archive_is(const char *path)
{
	char layout[4200];
	struct stat st;

	if (stat(path, &st))
		return false;
	snprintf(layout, sizeof(layout), "%.4000s/oci-layout", path);
	if (S_ISDIR(st.st_mode))
		return !stat(layout, &st);
	return S_ISREG(st.st_mode) && (has_magic(path) || has_suffix(path));
}
