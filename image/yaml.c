// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// pith.yaml: a mapping with the keys of `keys` below. The document is small, so libyaml's document
// API does; every complaint names the line.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include <image/spec.h>

struct reader {
	struct spec *spec;
	const char *path;
	char dir[PATH_MAX]; // of the file, with its slash, or empty
	yaml_document_t doc;
	unsigned seen; // bit n: keys[n] was there
	struct failure *why;
};

static int bad(struct reader *r, const yaml_node_t *n, const char *what)
{
	return failure_set(r->why, -EINVAL, "%s:%zu: %s", r->path, n->start_mark.line + 1, what);
}

// Puts file and line in front of what another function complained of.
static int at_line(struct reader *r, const yaml_node_t *n, int err)
{
	struct failure inner = *r->why;

	if (err)
		failure_set(r->why, err, "%s:%zu: %.900s", r->path, n->start_mark.line + 1,
			    inner.text);
	return err;
}

static const char *scalar(const yaml_node_t *n)
{
	const char *s = n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : NULL;

	return s && strlen(s) == n->data.scalar.length ? s : NULL;
}

static int set_string(struct reader *r, const yaml_node_t *n, char **out, const char *prefix)
{
	const char *s = scalar(n);

	if (!s || !*s)
		return bad(r, n, "a text is wanted here");
	free(*out);
	return asprintf(out, "%s%s", *s == '/' ? "" : prefix, s) < 0 ? bad(r, n, "out of memory")
								     : 0;
}

static int take_program(struct reader *r, const yaml_node_t *n)
{
	return set_string(r, n, &r->spec->program, "");
}

static int take_root(struct reader *r, const yaml_node_t *n)
{
	return set_string(r, n, &r->spec->source, r->dir);
}

// Without a root, the program is beside the file, as all paths of the host.
static int place_program(struct reader *r)
{
	char *path = r->spec->program, *whole;

	if (!path || *path == '/' || r->spec->source)
		return 0;
	if (asprintf(&whole, "%s%s", r->dir, path) < 0)
		return failure_errno(r->why, -ENOMEM, "%s", r->path);
	free(path);
	r->spec->program = whole;
	return 0;
}

static int take_output(struct reader *r, const yaml_node_t *n)
{
	return set_string(r, n, &r->spec->output, r->dir);
}

static int take_with(struct reader *r, const yaml_node_t *n,
		     int (*fn)(struct spec *, const char *, struct failure *))
{
	const char *s = scalar(n);

	return s ? at_line(r, n, fn(r->spec, s, r->why)) : bad(r, n, "a text is wanted here");
}

static int take_name(struct reader *r, const yaml_node_t *n) { return take_with(r, n, spec_name); }
static int take_memory(struct reader *r, const yaml_node_t *n)
{
	return take_with(r, n, spec_memory);
}
static int take_network(struct reader *r, const yaml_node_t *n)
{
	return take_with(r, n, spec_network);
}
static int take_platform(struct reader *r, const yaml_node_t *n)
{
	return take_with(r, n, spec_platform);
}

static int take_bool(struct reader *r, const yaml_node_t *n, bool *out)
{
	const char *s = scalar(n);

	if (!s || (strcmp(s, "true") && strcmp(s, "false")))
		return bad(r, n, "true or false is wanted here");
	*out = !strcmp(s, "true");
	return 0;
}

static int take_wx(struct reader *r, const yaml_node_t *n) { return take_bool(r, n, &r->spec->wx); }
static int take_strip(struct reader *r, const yaml_node_t *n)
{
	return take_bool(r, n, &r->spec->strip);
}

// Each item of a sequence, or each `key: value` of a mapping joined with `between`.
static int each(struct reader *r, const yaml_node_t *n, const char *between,
		int (*fn)(struct reader *, const yaml_node_t *, const char *))
{
	int err = 0;

	if (n->type == YAML_SEQUENCE_NODE) {
		for (yaml_node_item_t *i = n->data.sequence.items.start;
		     i < n->data.sequence.items.top && !err; i++) {
			const yaml_node_t *item = yaml_document_get_node(&r->doc, *i);

			err = scalar(item) ? fn(r, item, scalar(item))
					   : bad(r, item, "a text is wanted here");
		}
		return err;
	}
	if (n->type != YAML_MAPPING_NODE || !between)
		return bad(r, n,
			   between ? "a list or a mapping is wanted here"
				   : "a list is wanted here");
	for (yaml_node_pair_t *p = n->data.mapping.pairs.start;
	     p < n->data.mapping.pairs.top && !err; p++) {
		const yaml_node_t *key = yaml_document_get_node(&r->doc, p->key),
				  *value = yaml_document_get_node(&r->doc, p->value);
		char *text = NULL;

		if (!scalar(key) || !scalar(value) ||
		    asprintf(&text, "%s%s%s", scalar(key), between, scalar(value)) < 0)
			return bad(r, key, "a text is wanted here");
		err = fn(r, key, text);
		free(text);
	}
	return err;
}

static int add_arg(struct reader *r, const yaml_node_t *n, const char *s)
{
	return strings_add(&r->spec->args, s) ? bad(r, n, "out of memory") : 0;
}

static int add_call(struct reader *r, const yaml_node_t *n, const char *s)
{
	return strings_add(&r->spec->calls, s) ? bad(r, n, "out of memory") : 0;
}

static int add_path(struct reader *r, const yaml_node_t *n, const char *s,
		    int (*take)(struct spec *, const char *, struct failure *))
{
	char *text = NULL;
	int err;

	if (asprintf(&text, "%s%s", *s == '/' ? "" : r->dir, s) < 0)
		return bad(r, n, "out of memory");
	err = at_line(r, n, take(r->spec, text, r->why));
	free(text);
	return err;
}

static int add_file(struct reader *r, const yaml_node_t *n, const char *s)
{
	return add_path(r, n, s, spec_file);
}

static int add_dir(struct reader *r, const yaml_node_t *n, const char *s)
{
	return add_path(r, n, s, spec_dir);
}

static int add_package(struct reader *r, const yaml_node_t *n, const char *s)
{
	return strings_add(&r->spec->packages, s) ? bad(r, n, "out of memory") : 0;
}

// A name is looked for; a path is relative to the file.
static int add_lib(struct reader *r, const yaml_node_t *n, const char *s)
{
	char *text = NULL;
	int err;

	if (asprintf(&text, "%s%s", strchr(s, '/') && *s != '/' ? r->dir : "", s) < 0)
		return bad(r, n, "out of memory");
	err = strings_add(&r->spec->libs, text);
	free(text);
	return err ? bad(r, n, "out of memory") : 0;
}

static int add_env(struct reader *r, const yaml_node_t *n, const char *s)
{
	return at_line(r, n, spec_env(r->spec, s, r->why));
}

static int add_port(struct reader *r, const yaml_node_t *n, const char *s)
{
	return at_line(r, n, spec_port(r->spec, s, r->why));
}

static int take_args(struct reader *r, const yaml_node_t *n) { return each(r, n, NULL, add_arg); }
static int take_calls(struct reader *r, const yaml_node_t *n) { return each(r, n, NULL, add_call); }
static int take_dirs(struct reader *r, const yaml_node_t *n) { return each(r, n, ":", add_dir); }
static int take_packages(struct reader *r, const yaml_node_t *n)
{
	return each(r, n, NULL, add_package);
}
static int take_libs(struct reader *r, const yaml_node_t *n) { return each(r, n, NULL, add_lib); }
static int take_env(struct reader *r, const yaml_node_t *n) { return each(r, n, "=", add_env); }
static int take_ports(struct reader *r, const yaml_node_t *n) { return each(r, n, NULL, add_port); }
static int take_files(struct reader *r, const yaml_node_t *n) { return each(r, n, ":", add_file); }

static const struct {
	const char *name;
	int (*take)(struct reader *, const yaml_node_t *);
} keys[] = {
	{ "program", take_program }, { "output", take_output },	  { "name", take_name },
	{ "args", take_args },	     { "env", take_env },	  { "files", take_files },
	{ "memory", take_memory },   { "network", take_network }, { "ports", take_ports },
	{ "calls", take_calls },     { "wx", take_wx },		  { "strip", take_strip },
	{ "for", take_platform },    { "libs", take_libs },
	{ "root", take_root },
	{ "dirs", take_dirs },	     { "packages", take_packages },
};

static int take_key(struct reader *r, const yaml_node_t *key, const yaml_node_t *value)
{
	const char *name = scalar(key);

	for (size_t i = 0; name && i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(name, keys[i].name)) {
			if (r->seen & 1u << i)
				return bad(r, key, "this key is given twice");
			r->seen |= 1u << i;
			return keys[i].take(r, value);
		}
	return failure_set(r->why, -EINVAL,
			   "%s:%zu: there is no key `%s`; there are program, root, output, name, args, "
			   "env, files, memory, "
			   "network, ports, calls, libs, dirs, packages, wx, strip and for",
			   r->path, key->start_mark.line + 1, name ? name : "?");
}

static int take_document(struct reader *r)
{
	const yaml_node_t *root = yaml_document_get_root_node(&r->doc);
	int err = 0;

	if (!root)
		return failure_set(r->why, -EINVAL,
				   "%s is empty: it needs at least `program: PATH`", r->path);
	if (root->type != YAML_MAPPING_NODE)
		return bad(r, root, "lines of the form `key: value` are wanted");
	for (yaml_node_pair_t *p = root->data.mapping.pairs.start;
	     p < root->data.mapping.pairs.top && !err; p++)
		err = take_key(r, yaml_document_get_node(&r->doc, p->key),
			       yaml_document_get_node(&r->doc, p->value));
	if (!err)
		err = place_program(r);
	if (!err && !r->spec->program && !r->spec->source)
		err = failure_set(r->why, -EINVAL, "%s says no program: it needs `program: PATH`",
				  r->path);
	return err;
}

int spec_yaml(struct spec *s, const char *path, struct failure *why)
{
	struct reader r = { .spec = s, .path = path, .why = why };
	const char *slash = strrchr(path, '/');
	yaml_parser_t parser;
	FILE *f = fopen(path, "re");
	int err;

	if (!f)
		return failure_errno(why, -errno, "cannot open %s", path);
	if (slash)
		snprintf(r.dir, sizeof(r.dir), "%.*s", (int)(slash + 1 - path), path);
	yaml_parser_initialize(&parser);
	yaml_parser_set_input_file(&parser, f);
	if (yaml_parser_load(&parser, &r.doc)) {
		err = take_document(&r);
		yaml_document_delete(&r.doc);
	} else {
		err = failure_set(why, -EINVAL, "%s:%zu: %s", path, parser.problem_mark.line + 1,
				  parser.problem ? parser.problem : "this is not YAML");
	}
	yaml_parser_delete(&parser);
	fclose(f);
	return err;
}
