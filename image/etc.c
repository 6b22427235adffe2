// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /etc/resolv.conf is not here: the library OS makes it at boot, from what the network says.
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <image/etc.h>
#include <image/users.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

// UTC, as RFC 8536 has it: version 2, an empty first part, one type "UTC", the footer.
static const char utc[] =
	"TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
	"\0\0\0\0\0\0UTC\0"
	"TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
	"\0\0\0\0\0\0UTC\0"
	"\nUTC0\n";
_Static_assert(sizeof(utc) - 1 == 2 * (44 + 10) + 6, "two headers, two types, the footer");

static const struct {
	const char *path, *text;
	size_t len;
} small_files[] = {
	{ "/etc/passwd", "root:x:0:0:root:/:/\nnobody:x:65534:65534:nobody:/:/\n", 0 },
	{ "/etc/group", "root:x:0:\nnogroup:x:65534:\n", 0 },
	{ "/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n", 0 },
	{ "/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n", 0 },
}, more_files[] = {
	{ "/etc/hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n", 0 },
	{ "/etc/host.conf", "multi on\n", 0 },
	{ "/etc/localtime", utc, sizeof(utc) - 1 },
	{ "/etc/timezone", "Etc/UTC\n", 0 },
};

// Fixed lists of names and numbers that the host has in packages of their own.
static const char *const of_the_host[] = { "/etc/protocols", "/etc/services" };

static const struct {
	const char *path;
	mode_t mode;
} small_places[] = { { "/dev", 0755 }, { "/proc", 0555 }, { "/sys", 0555 }, { "/tmp", 01777 } },
  more_places[] = { { "/root", 0700 },	   { "/run", 0755 },	  { "/var/cache", 0755 },
		    { "/var/lib", 0755 }, { "/var/log", 0755 }, { "/var/tmp", 01777 } };

static bool etc_is_no_folder(const struct gather *g)
{
	struct failure ignored;
	struct node *n;

	return tree_has(g->tree, "/etc") &&
	       (tree_find(g->tree, "/etc", true, &n, &ignored) || !S_ISDIR(n->attr.mode));
}

static int put_more(struct gather *g, const struct strings *users, struct failure *why)
{
	struct failure ignored;
	int err = users_put(g, users, why);

	for (size_t i = 0; i < COUNT(more_files) && err >= 0; i++)
		err = gather_text(g, more_files[i].path, more_files[i].text,
				  more_files[i].len ? more_files[i].len
						    : strlen(more_files[i].text),
				  0644, why);
	for (size_t i = 0; i < COUNT(of_the_host) && err >= 0; i++)
		gather_path(g, of_the_host[i], FROM_BUILDER, NULL, NULL, &ignored);
	return err;
}

int etc_put(struct gather *g, const struct strings *users, bool full, struct failure *why)
{
	int err = 0;

	if (etc_is_no_folder(g))
		return 0;
	if (full)
		err = put_more(g, users, why);
	for (size_t i = 0; i < COUNT(small_files) && err >= 0; i++)
		err = gather_text(g, small_files[i].path, small_files[i].text,
				  strlen(small_files[i].text), 0644, why);
	return err < 0 ? err : 0;
}

// What the user has put in the way stays there.
int places_put(struct gather *g, bool full, struct failure *why)
{
	int err = 0;

	for (size_t i = 0; i < COUNT(small_places) && err != -ENOMEM; i++)
		err = gather_dir(g, small_places[i].path, small_places[i].mode, 0, 0, why);
	for (size_t i = 0; i < COUNT(more_places) && full && err != -ENOMEM; i++)
		err = gather_dir(g, more_places[i].path, more_places[i].mode, 0, 0, why);
	if (full && err != -ENOMEM)
		err = gather_link(g, "/var/run", "/run", why);
	return err == -ENOMEM ? err : 0;
}
