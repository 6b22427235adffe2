// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Writes struct manifest: the struct, the ports, then all strings.
#include <stdlib.h>
#include <string.h>

#include <image/manifest.h>

struct writer {
	uint8_t *bytes;
	size_t len, room;
	int failed;
};

static uint32_t put(struct writer *w, const void *bytes, size_t n)
{
	uint32_t at = (uint32_t)w->len;

	if (w->len + n > w->room) {
		size_t room = (w->room + n) * 2;
		uint8_t *more = realloc(w->bytes, room);

		if (!more) {
			w->failed = 1;
			return 0;
		}
		w->bytes = more;
		w->room = room;
	}
	memcpy(w->bytes + w->len, bytes, n);
	w->len += n;
	return at;
}

static uint32_t put_string(struct writer *w, const char *s)
{
	return put(w, s, strlen(s) + 1);
}

static struct manifest_list put_list(struct writer *w, const struct strings *rest)
{
	struct manifest_list l = { (uint32_t)w->len, (uint32_t)rest->count };

	for (size_t i = 0; i < rest->count; i++)
		put_string(w, rest->at[i]);
	return l;
}

// argv: what the program is called, what its script's first line gives it, the user's.
static struct manifest_list put_args(struct writer *w, const struct compose *c)
{
	struct manifest_list l = { (uint32_t)w->len, 1 };

	put_string(w, c->arg0 ? c->arg0 : c->guest_program);
	if (c->args)
		l.count += put_list(w, c->args).count;
	l.count += put_list(w, &c->spec->args).count;
	return l;
}

uint8_t *manifest_make(const struct compose *c, size_t *len)
{
	const struct spec *s = c->spec;
	struct manifest m = { .memory = s->memory, .net = c->net, .program_len = c->program_len };
	struct writer w = { 0 };

	put(&w, &m, sizeof(m));
	m.port_count = (uint32_t)s->port_count;
	m.ports = put(&w, s->ports ? (void *)s->ports : (void *)"",
		      s->port_count * sizeof(*s->ports));
	m.program = put_string(&w, c->guest_program);
	m.cwd = put_string(&w, s->cwd ? s->cwd : "/");
	m.name = put_string(&w, c->name);
	m.net_name = s->net_name ? put_string(&w, s->net_name) : 0;
	m.args = put_args(&w, c);
	m.args_kept = 1 + (c->args ? (uint32_t)c->args->count : 0);
	m.env = put_list(&w, &s->env);
	m.calls = put_list(&w, c->calls);
	m.stop_signal = s->stop_signal;
	m.uid = s->uid;
	m.gid = s->gid;
	m.len = (uint32_t)w.len;
	if (w.failed) {
		free(w.bytes);
		return NULL;
	}
	memcpy(w.bytes, &m, sizeof(m));
	*len = w.len;
	return w.bytes;
}
