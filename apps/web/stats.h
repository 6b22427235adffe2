// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// What the server counts, and the page that shows it.
#ifndef WEB_STATS_H
#define WEB_STATS_H

#include "text.h"

struct stats {
	uint64_t accepted;
	uint64_t refused;    // for there were too many
	uint64_t timed_out;
	uint64_t requests;
	uint64_t bytes_sent;
	uint64_t answers[6]; // by the first digit of the status
	unsigned open;
};

extern struct stats stats;

// JSON. Memory is null where the system does not say.
void stats_page(struct text *t);

#endif
