// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A guest address is a type that the monitor cannot dereference. gpa_pointer() is the one way to a
// pointer.
#ifndef MONITOR_GPA_H
#define MONITOR_GPA_H

#include <stddef.h>
#include <stdint.h>

struct gpa {
	uint64_t at;
};

// Guest memory that the monitor may touch: RAM.
struct gpa_space {
	uint8_t *host;
	struct gpa start;
	uint64_t len;
};

// NULL unless all of [gpa, gpa+len) is in the space; len 0 is never in it.
static inline void *gpa_pointer(const struct gpa_space *s, struct gpa gpa, uint64_t len)
{
	uint64_t off = gpa.at - s->start.at;

	if (gpa.at < s->start.at || !len || len > s->len || off > s->len - len)
		return NULL;
	return s->host + off;
}

#endif
