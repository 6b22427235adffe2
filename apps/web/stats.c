// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Counters; see stats.h.
#include "stats.h"

#include <fcntl.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "clock.h"

struct stats stats;

// The second number of /proc/self/statm is the resident set in pages (proc(5)). -1: not known.
static int64_t resident_bytes(void)
{
	char buf[128];
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf));
	struct slice s = { buf, n > 0 ? (size_t)n : 0 };
	uint64_t pages;

	if (fd >= 0)
		close(fd);
	if (!slice_number(&s, &pages) || !s.len)
		return -1;
	s = (struct slice){ s.at + 1, s.len - 1 };
	return slice_number(&s, &pages) ? (int64_t)pages * getpagesize() : -1;
}

static void member(struct text *t, const char *name, int64_t n)
{
	text_str(t, name);
	if (n < 0)
		text_str(t, "null");
	else
		text_num(t, (uint64_t)n);
}

void stats_page(struct text *t)
{
	struct sysinfo si;
	bool known = !sysinfo(&si);
	int64_t unit = known && si.mem_unit ? si.mem_unit : 1;

	member(t, "{\"uptime_ms\":", now.ms - now.start_ms);
	member(t, ",\"connections\":{\"open\":", stats.open);
	member(t, ",\"accepted\":", (int64_t)stats.accepted);
	member(t, ",\"refused\":", (int64_t)stats.refused);
	member(t, ",\"timed_out\":", (int64_t)stats.timed_out);
	member(t, "},\"requests\":", (int64_t)stats.requests);
	member(t, ",\"answers\":{\"2xx\":", (int64_t)stats.answers[2]);
	member(t, ",\"3xx\":", (int64_t)stats.answers[3]);
	member(t, ",\"4xx\":", (int64_t)stats.answers[4]);
	member(t, ",\"5xx\":", (int64_t)stats.answers[5]);
	member(t, "},\"bytes_sent\":", (int64_t)stats.bytes_sent);
	member(t, ",\"memory\":{\"resident\":", resident_bytes());
	member(t, ",\"total\":", known ? (int64_t)si.totalram * unit : -1);
	member(t, ",\"free\":", known ? (int64_t)si.freeram * unit : -1);
	text_str(t, "}}\n");
}
