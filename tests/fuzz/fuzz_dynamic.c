// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Fuzzes the dynamic section: names that it gives must end in the file.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <image/dynamic.h>

static void ends_inside(const struct program *p, const char *name)
{
	const char *start = (const char *)p->map, *end = start + p->len;

	if (name && (name < start || name >= end || !memchr(name, 0, (size_t)(end - name))))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct program p;
	struct failure why = { "" };
	struct dynamic d;
	uint8_t *copy = malloc(len ? len : 1);

	memcpy(copy, bytes, len);
	memset(&p, 0, sizeof(p));
	if (!program_check(&p, copy, len, &why)) {
		if (dynamic_read(&d, &p, &why)) {
			if (!why.text[0] || d.needed)
				abort();
		} else {
			for (size_t i = 0; i < d.needed_count; i++)
				ends_inside(&p, d.needed[i]);
			ends_inside(&p, d.soname);
			ends_inside(&p, d.rpath);
			ends_inside(&p, d.runpath);
			if (d.runpath && d.rpath)
				abort();
			dynamic_free(&d);
		}
	}
	free(copy);
	return 0;
}
