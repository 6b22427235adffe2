// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <host/archive.h>

#define HEAD 512
#define TAR_MAGIC 257 // offset of "ustar" in it

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

static bool has_magic(const char *head, size_t n)
{
	static const struct {
		const char *bytes;
		size_t len;
	} magic[] = {
		{ "\x1f\x8b", 2 },	   { "BZh", 3 },
		{ "\xfd\x37zXZ", 5 },	   { "\x28\xb5\x2f\xfd", 4 },
		{ "\x04\x22\x4d\x18", 4 }, { "LZIP", 4 },
		{ "\x5d\x00\x00", 3 },	   { "\x1f\x9d", 2 },
	};

	for (size_t i = 0; i < sizeof(magic) / sizeof(magic[0]); i++)
		if (n >= magic[i].len && !memcmp(head, magic[i].bytes, magic[i].len))
			return true;
	return n == HEAD && !memcmp(head + TAR_MAGIC, "ustar", 5);
}

bool archive_is(const char *path)
{
	char layout[4200], head[HEAD];
	struct stat st;
	size_t n;
	FILE *f;

	if (stat(path, &st))
		return false;
	snprintf(layout, sizeof(layout), "%.4000s/oci-layout", path);
	if (S_ISDIR(st.st_mode))
		return !stat(layout, &st);
	f = S_ISREG(st.st_mode) ? fopen(path, "re") : NULL;
	if (!f)
		return false;
	n = fread(head, 1, sizeof(head), f);
	fclose(f);
	if (n >= 4 && !memcmp(head, "\177ELF", 4)) // whatever it is called
		return false;
	return has_magic(head, n) || has_suffix(path);
}
