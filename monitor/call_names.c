// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <string.h>

#include <monitor/call_names.h>

static const char names[] =
#define N(name) name "\0"
#include <kernel/linux/names.inc>
#undef N
	;

const char *call_names_get(uint32_t nr)
{
	const char *p = names, *end = names + sizeof(names) - 1;

	for (; nr && p < end; nr--)
		p += strlen(p) + 1;
	return p < end && *p ? p : "?";
}
