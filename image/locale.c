// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// glibc looks for the folder /usr/lib/locale/NAME, where NAME has the codeset in small letters and
// digits (C.UTF-8 is C.utf8), and in the file locale-archive before that; locale(7), localedef(1).
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <image/locale.h>

#define FOLDER "/usr/lib/locale"

static void normalize(const char *name, char out[NAME_MAX + 1])
{
	bool codeset = false;
	size_t n = 0;

	for (; *name && n < NAME_MAX; name++) {
		codeset = (codeset || *name == '.') && *name != '@';
		if (!codeset || *name == '.')
			out[n++] = *name;
		else if (isalnum((unsigned char)*name))
			out[n++] = (char)tolower((unsigned char)*name);
	}
	out[n] = 0;
}

static int put_one(struct gather *g, const char *variable, const char *name, struct failure *why)
{
	char path[PATH_MAX], small[NAME_MAX + 1];
	struct failure ignored;
	int err;

	if (!*name || !strcmp(name, "C") || !strcmp(name, "POSIX") || strchr(name, '/'))
		return 0;
	normalize(name, small);
	snprintf(path, sizeof(path), FOLDER "/%s", small);
	err = gather_path(g, path, FROM_BUILDER, NULL, NULL, &ignored);
	if (err >= 0)
		return gather_whole(g, path, FROM_BUILDER, NULL, why);
	err = gather_path(g, FOLDER "/locale-archive", FROM_BUILDER, NULL, NULL, &ignored);
	if (err == -ENOENT)
		err = gather_note(g, "the locale %s of %s is not on this host: apt-get install "
				     "locales, and dpkg-reconfigure locales",
				  name, variable);
	return err == -ENOMEM ? failure_errno(why, err, "%s", variable) : 0;
}

int locale_put(struct gather *g, const struct spec *spec, struct failure *why)
{
	int err = 0;

	for (size_t i = 0; i < spec->env.count && err >= 0; i++) {
		const char *value = strchr(spec->env.at[i], '=') + 1;
		char name[32];

		snprintf(name, sizeof(name), "%.*s", (int)(value - 1 - spec->env.at[i]),
			 spec->env.at[i]);
		if (!strcmp(name, "LANG") || !strncmp(name, "LC_", 3))
			err = put_one(g, name, value, why);
	}
	return err < 0 ? err : 0;
}
