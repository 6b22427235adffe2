// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names on a named network: answers a guest's DNS queries (RFC 1035, 3596) for NAME and
// NAME.NETWORK, and for the addresses of members. Names without a dot are the network's own, so
// such a name that no member has is not looked for elsewhere; nor is one that ends in .NETWORK,
// nor an address of the network. Everything else is for the gateway's name server.
//
// Queries are the guest's, and hostile.
#ifndef MONITOR_DEV_NAMES_H
#define MONITOR_DEV_NAMES_H

#include <stddef.h>
#include <stdint.h>

#define NAMES_TTL 1 /* seconds: members come and go */
#define NAMES_ANSWER_MAX 512 /* RFC 1035, 2.3.4 */

struct names {
	const char *network;
	// The member of that name, in any case, or 0.
	uint8_t (*find)(void *arg, const char *name);
	// Its name, or NULL: there is no such member.
	const char *(*name_of)(void *arg, uint8_t member);
	void *arg;
};

// The answer to a DNS message. Gives its length, or 0: not ours.
size_t names_answer(const struct names *n, const uint8_t *query, size_t len,
		    uint8_t answer[NAMES_ANSWER_MAX]);

// The same for a whole frame from the guest to the network's name server, by UDP. `reply` has room
// for NAMES_FRAME_MAX bytes.
#define NAMES_FRAME_MAX (14 + 20 + 8 + NAMES_ANSWER_MAX)
size_t names_frame(const struct names *n, const uint8_t *frame, size_t len, uint8_t *reply);

#endif
