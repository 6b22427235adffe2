// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The strings behind the boot block: arguments, environment, paths. What the command line says goes
// before the manifest.
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <loader/load_priv.h>

struct walk {
	char *text; // where they are written, or NULL: they are only measured
	size_t len, room;
	bool full;  // of what follows nothing is looked at
};

// Gives the string's offset from the start of the boot block.
static uint32_t put(struct walk *w, const char *text)
{
	uint32_t at = (uint32_t)(sizeof(struct boot_block) + w->len);
	size_t n = w->full ? 0 : strlen(text) + 1;

	w->full |= n > w->room - w->len;
	if (w->full)
		return at;
	if (w->text)
		memcpy(w->text + w->len, text, n);
	w->len += n;
	return at;
}

static const char *manifest_string(const struct load_config *cfg, uint32_t off)
{
	return off ? (const char *)cfg->image.manifest + off : "";
}

// Is the variable of `entry` set again in `overrides`?
static bool overridden(const char *entry, load_strings overrides)
{
	size_t n = 0;

	while (entry[n] && entry[n] != '=')
		n++;
	for (; overrides && *overrides; overrides++) {
		if (!strncmp(entry, *overrides, n) && (*overrides)[n] == '=')
			return true;
	}
	return false;
}

// One list: the strings of the manifest's, but for variables that are set in `more`, then `more`.
static struct boot_strings put_list(struct walk *w, const struct load_config *cfg,
				    struct manifest_list from, load_strings more)
{
	struct boot_strings list = { .off = (uint32_t)(sizeof(struct boot_block) + w->len) };
	const char *p = manifest_string(cfg, from.off);

	for (uint32_t i = 0; i < from.count; i++, p += strlen(p) + 1) {
		if (overridden(p, more))
			continue;
		put(w, p);
		list.count++;
	}
	for (; more && *more; more++, list.count++)
		put(w, *more);
	return list;
}

static int walk(struct walk *w, const struct load_config *cfg, struct boot_block *b)
{
	const struct manifest_list none = { 0 };
	const struct manifest *m = cfg->image.manifest;

	b->program = put(w, manifest_string(cfg, m->program));
	b->cwd = put(w, manifest_string(cfg, m->cwd));
	b->hostname = put(w, cfg->hostname ? cfg->hostname : manifest_string(cfg, m->name));
	b->args = put_list(w, cfg, cfg->args ? none : m->args, cfg->args);
	b->env = put_list(w, cfg, m->env, cfg->env);
	b->volumes.paths = put_list(w, cfg, none, cfg->volumes);
	return w->full ? -E2BIG : 0;
}

int strings_measure(const struct load_config *cfg, uint32_t *len)
{
	struct walk w = { .room = LOAD_STRINGS_MAX };
	struct boot_block nowhere;
	int r = walk(&w, cfg, &nowhere);

	*len = (uint32_t)w.len;
	return r;
}

int strings_write(const struct load_config *cfg, struct boot_block *boot, uint32_t len)
{
	struct walk w = { .text = (char *)(boot + 1), .room = len };

	return walk(&w, cfg, boot);
}
