// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// One DNS message in, one out. No state is kept between messages.
#ifndef DNS_QUERY_H
#define DNS_QUERY_H

#include <stddef.h>
#include <stdint.h>

#include "zone.h"

enum { QUERY_TCP = 1, QUERY_V6 = 2 }; // how a message came

// Sets the zone that is answered from; it must stay.
void query_init(struct zone *z);

// Answers a message of n untrusted octets into out, which has room for DNS_EDNS_MAX octets, or for
// DNS_MESSAGE_MAX with QUERY_TCP. Returns the answer's length; 0 if there is none to give.
size_t query_process(const uint8_t *in, size_t n, uint8_t *out, unsigned how);

#endif
