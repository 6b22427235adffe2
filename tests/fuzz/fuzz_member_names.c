// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// DNS queries of a guest on a named network. An answer repeats the question and stays within its bounds.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <monitor/dev/names.h>

static uint8_t find(void *arg, const char *name)
{
	return !strcasecmp(name, "web") ? 5 : strlen(name) == 63 ? 6 : 0;
}

static const char *name_of(void *arg, uint8_t member)
{
	return member == 5 ? "web" : member == 6 ? "a23456789012345678901234567890123456789012345678901234567890123" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const struct names names = { .network = "ramp", .find = find, .name_of = name_of };
	uint8_t *answer = malloc(NAMES_ANSWER_MAX), *query = malloc(size ? size : 1);
	size_t len;

	memcpy(query, bytes, size);
	len = names_answer(&names, query, size, answer);
	if (len && (len < 17 || len > NAMES_ANSWER_MAX || memcmp(answer, query, 2) || !(answer[2] & 0x80) || answer[5] != 1))
		__builtin_trap();
	free(query);
	free(answer);
	return 0;
}
