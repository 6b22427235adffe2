// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Fuzzes the way from an untrusted message to its answer. The first octet says how it came. What
// must hold: the answer fits, is no question, and keeps the identifier.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../apps/dns/proto.h"
#include "../../apps/dns/query.h"
#include "../../apps/dns/zparse.h"

static const char text[] =
	"$ORIGIN x.\n$TTL 60\n@ SOA ns r 1 2 3 4 5\n NS ns\n NS n.d\n MX 1 *.w\nns A 192.0.2.1\n"
	"a A 192.0.2.1\n AAAA 2001:db8::1\n TXT \"0123456789\"\n*.w CNAME a\nd NS n.d\n"
	"n.d A 192.0.2.2\nc CNAME c2\nc2 CNAME c\no DNAME n\nb.n CNAME a.o\nl DNAME q.l\n"
	"a.b.e SRV 1 2 3 a\nm MX 1 a\n MX 2 b.w\n MX 3 y.n.d\n"
	"t TXT 0123456789012345678901234567890123456789012345678901234567890123456789\n";

static struct zone zone;

static void load(void)
{
	char message[256];
	struct text err;

	text_init(&err, message, sizeof(message));
	if (zone_init(&zone) || zparse(&zone, "f", text, sizeof(text) - 1, NULL, &err))
		abort();
	query_init(&zone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	unsigned how = n ? data[0] & (QUERY_TCP | QUERY_V6) : 0;
	size_t room = how & QUERY_TCP ? DNS_MESSAGE_MAX : DNS_EDNS_MAX, len;
	uint8_t *out;

	if (!n)
		return 0;
	if (!zone.apex)
		load();
	out = malloc(room);
	len = query_process(data + 1, n - 1, out, how);
	if (len > room || (len && (len < DNS_HEADER_LEN || !(out[2] & 0x80) ||
				   memcmp(out, data + 1, 2))))
		abort();
	free(out);
	return 0;
}
