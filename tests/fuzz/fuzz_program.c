// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Fuzzes the door for programs: what it lets in must lie in the file, as later steps rely on it.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <image/program.h>

static void inside(const struct program *p, const void *at, size_t len)
{
	if ((const uint8_t *)at < p->map || len > p->len || (size_t)((const uint8_t *)at - p->map) > p->len - len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct program p;
	struct failure why = { "" };
	uint8_t *copy = malloc(len ? len : 1);

	memcpy(copy, bytes, len);
	memset(&p, 0, sizeof(p));
	if (program_check(&p, copy, len, &why)) {
		if (!why.text[0])
			abort();
		free(copy);
		return 0;
	}
	for (unsigned i = 0; i < p.eh->e_phnum; i++)
		inside(&p, p.map + p.ph[i].p_offset, p.ph[i].p_filesz);
	if (p.interpreter)
		inside(&p, p.interpreter, strlen(p.interpreter) + 1);
	for (size_t i = 0; i < p.symbol_count; i++) {
		const char *name = program_symbol_name(&p, &p.symbols[i]);

		inside(&p, &p.symbols[i], sizeof(p.symbols[i]));
		if (*name)
			inside(&p, name, strlen(name) + 1);
	}
	free(copy);
	return 0;
}
