// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The strings behind the boot block: arguments, environment, paths. What the command line says goes
// before the manifest.
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <monitor/load_priv.h>

#define STRINGS_MAX                                                                                \
	(2ul << 20) // as Linux limits arguments and environment together (a quarter of an 8 MiB
		    // stack)

// Gives the string's offset, or -1 with no memory or too much text.
static int64_t add(struct strings *s, const char *text)
{
	size_t n = strlen(text) + 1, at = s->len;

	if (n > STRINGS_MAX - s->len)
		return -1;
	if (at + n > s->room) {
		size_t room = (at + n) * 2 + 1024;
		char *more = realloc(s->text, room);

		if (!more)
			return -1;
		s->text = more;
		s->room = room;
	}
	memcpy(s->text + at, text, n);
	s->len += n;
	return (int64_t)at;
}

// The strings of a manifest's list or, if `instead` is given, those. `skip` says which not to take.
static bool add_list(struct strings *s, struct boot_strings *list, const struct image *img,
		     struct manifest_list from, bool (*skip)(const char *, load_strings),
		     load_strings arg)
{
	const char *p = image_string(img, from.off);

	for (uint32_t i = 0; i < from.count; i++, p += strlen(p) + 1) {
		if (skip && skip(p, arg))
			continue;
		if (add(s, p) < 0)
			return false;
		list->count++;
	}
	return true;
}

static bool add_strings(struct strings *s, struct boot_strings *list, load_strings from)
{
	for (; from && *from; from++) {
		if (add(s, *from) < 0)
			return false;
		list->count++;
	}
	return true;
}

// Is the variable of `entry` set again in `overrides`?
static bool overridden(const char *entry, load_strings overrides)
{
	size_t n = strcspn(entry, "=");

	for (; overrides && *overrides; overrides++) {
		if (!strncmp(entry, *overrides, n) && (*overrides)[n] == '=')
			return true;
	}
	return false;
}

static bool collect(struct strings *s, const struct load_config *cfg)
{
	const struct image *img = cfg->image;
	const struct manifest *m = img->manifest;
	int64_t program = add(s, image_string(img, m->program));
	int64_t cwd = add(s, image_string(img, m->cwd));
	int64_t hostname = add(s, cfg->hostname ? cfg->hostname : image_string(img, m->name));

	if (program < 0 || cwd < 0 || hostname < 0)
		return false;
	s->program = (uint32_t)program;
	s->cwd = (uint32_t)cwd;
	s->hostname = (uint32_t)hostname;
	s->args.off = (uint32_t)s->len;
	if (cfg->args ? !add_strings(s, &s->args, cfg->args)
		      : !add_list(s, &s->args, img, m->args, NULL, NULL))
		return false;
	s->env.off = (uint32_t)s->len;
	if (!add_list(s, &s->env, img, m->env, overridden, cfg->env) ||
	    !add_strings(s, &s->env, cfg->env))
		return false;
	s->volumes.off = (uint32_t)s->len;
	return add_strings(s, &s->volumes, cfg->volumes);
}

int strings_collect(struct strings *s, const struct load_config *cfg, struct failure *why)
{
	if (collect(s, cfg))
		return 0;
	return failure_set(why, -E2BIG, "arguments and environment are longer than %lu KiB",
			   STRINGS_MAX >> 10);
}

void strings_write(const struct strings *s, struct boot_block *boot)
{
	const uint32_t base = sizeof(*boot);

	memcpy((char *)boot + base, s->text, s->len);
	boot->program = base + s->program;
	boot->cwd = base + s->cwd;
	boot->hostname = base + s->hostname;
	boot->args = (struct boot_strings){ .off = base + s->args.off, .count = s->args.count };
	boot->volumes.paths = (struct boot_strings){ .off = base + s->volumes.off,
						     .count = s->volumes.count };
	boot->env = (struct boot_strings){ .off = base + s->env.off, .count = s->env.count };
}

void strings_free(struct strings *s)
{
	free(s->text);
	s->text = NULL;
}
