// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Fuzzes the zone file parser; a zone that it accepts must answer for each of its names.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../apps/dns/proto.h"
#include "../../apps/dns/query.h"
#include "../../apps/dns/zparse.h"

static void ask(const struct node *n)
{
	static uint8_t out[DNS_MESSAGE_MAX];
	uint8_t in[DNS_HEADER_LEN + NAME_MAX_LEN + 4] = { 0, 1, 0, 0, 0, 1 };

	memcpy(in + DNS_HEADER_LEN, n->name, n->len);
	put16(in + DNS_HEADER_LEN + n->len, TYPE_ANY);
	put16(in + DNS_HEADER_LEN + n->len + 2, CLASS_IN);
	if (!query_process(in, DNS_HEADER_LEN + n->len + 4u, out, 0) ||
	    !query_process(in, DNS_HEADER_LEN + n->len + 4u, out, QUERY_TCP))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char message[256], *copy = malloc(n ? n : 1);
	struct zone zone;
	struct text err;
	int r;

	memcpy(copy, data, n);
	text_init(&err, message, sizeof(message));
	if (zone_init(&zone))
		abort();
	r = zparse(&zone, "f", copy, n, NULL, &err);
	if ((r == 0) != (err.len == 0))
		abort();
	query_init(&zone);
	for (uint32_t i = 0; !r && i < zone.slots; i++)
		for (const struct node *node = zone.table[i]; node; node = node->next)
			ask(node);
	zone_free(&zone);
	free(copy);
	return 0;
}
