// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Reads what an inotify instance has and prints it, a line an event; moves with whether their
// cookies are equal.
#pragma once
#include "t.h"
#include <sys/inotify.h>

static T_UNUSED void tell_events(int fd, const char *what)
{
	static const struct { uint32_t bit; const char *name; } bits[] = {
		{ IN_ACCESS, "ACCESS" }, { IN_MODIFY, "MODIFY" }, { IN_ATTRIB, "ATTRIB" },
		{ IN_CLOSE_WRITE, "CLOSE_WRITE" }, { IN_CLOSE_NOWRITE, "CLOSE_NOWRITE" }, { IN_OPEN, "OPEN" },
		{ IN_MOVED_FROM, "MOVED_FROM" }, { IN_MOVED_TO, "MOVED_TO" }, { IN_CREATE, "CREATE" },
		{ IN_DELETE, "DELETE" }, { IN_DELETE_SELF, "DELETE_SELF" }, { IN_MOVE_SELF, "MOVE_SELF" },
		{ IN_IGNORED, "IGNORED" }, { IN_Q_OVERFLOW, "Q_OVERFLOW" }, { IN_ISDIR, "ISDIR" },
	};
	char buf[16384] __attribute__((aligned(8))), text[128];
	uint32_t cookie = 0;
	ssize_t n;

	say("%s:", what);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (char *p = buf; p < buf + n;) {
			const struct inotify_event *e = (void *)p;
			int len = 0;

			for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
				if (e->mask & bits[i].bit)
					len += snprintf(text + len, sizeof(text) - len, " %s", bits[i].name);
			say("  %d%s%s%s%s", e->wd, text, e->len ? " " : "", e->len ? e->name : "",
			    (e->mask & IN_MOVED_TO) && e->cookie == cookie ? " same" : "");
			cookie = e->cookie;
			p += sizeof(*e) + e->len;
		}
	}
	if (n < 0 && errno != EAGAIN)
		say("  %s", err_name(errno));
}
