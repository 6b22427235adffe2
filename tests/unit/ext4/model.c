// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See model.h.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ext4/model.h"
#include <asm-generic/errno.h>

static uint8_t buffer[MODEL_MAX + 1];

static unsigned rnd(unsigned n)
{
	return (unsigned)random() % n;
}

static uint64_t sum_of(const uint8_t *p, uint64_t n)
{
	uint64_t h = 1469598103934665603ull; // FNV-1a

	for (uint64_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 1099511628211ull;
	return h;
}

void model_init(struct model *m)
{
	memset(m, 0, sizeof(*m));
	m->file[0] = (struct model_file){ .used = true, .dir = true, .node = 1, .names = 1 };
	m->limit = 60;
}

void model_free(struct model *m)
{
	for (int i = 0; i < MODEL_FILES; i++)
		free(m->file[i].data);
}

static int any(struct model *m, bool dir)
{
	for (int tries = 0; tries < 200; tries++) {
		int i = (int)rnd(MODEL_FILES);

		if (rnd(8) == 0 && dir)
			return 0;
		if (m->file[i].used && m->file[i].dir == dir && m->file[i].names)
			return i;
	}
	return dir ? 0 : -1;
}

static int any_name(struct model *m)
{
	for (int tries = 0; tries < 500; tries++) {
		int i = (int)rnd(MODEL_NAMES);

		if (m->name[i].used)
			return i;
	}
	return -1;
}

// The node of a file, by walking from the root.
static uint32_t node_of(struct model *m, int file)
{
	struct model_file *f = &m->file[file];

	if (f->node)
		return f->node;
	for (int i = 0; i < MODEL_NAMES; i++) {
		int64_t n;

		if (!m->name[i].used || m->name[i].file != file)
			continue;
		n = vol_lookup(&m->v, node_of(m, m->name[i].dir), m->name[i].name);
		if (n <= 0)
			fail_msg("lookup of %s: %ld", m->name[i].name, (long)n);
		f->node = (uint32_t)n;
		if (!f->dir)
			assert_int_equal(vol_open(&m->v, f->node, true), 0);
		return f->node;
	}
	fail_msg("file %d has no name", file);
	return 0;
}

static void name_for(struct model *m, int dir, char *name)
{
	do {
		int len = m->big_names ? 20 + (int)rnd(230) : 1 + (int)rnd(30);

		for (int i = 0; i < len; i++)
			name[i] = (char)('a' + rnd(26));
		name[len] = 0;
		for (int i = 0; i < MODEL_NAMES; i++) {
			if (m->name[i].used && m->name[i].dir == dir &&
			    !strcmp(m->name[i].name, name))
				name[0] = 0;
		}
	} while (!name[0]);
}

static int slot(struct model *m)
{
	unsigned used = 0;
	int slot = -1;

	for (int i = 0; i < MODEL_NAMES; i++) {
		used += m->name[i].used;
		if (!m->name[i].used && !m->name[i].durable)
			slot = i;
	}
	return used < m->limit ? slot : -1;
}

static void add_name(struct model *m, int at, int dir, int file, const char *name)
{
	m->name[at] = (struct model_name){ .used = true, .dir = dir, .file = file,
					   .touched = true };
	strcpy(m->name[at].name, name);
	m->file[file].names++;
	m->file[file].touched = true;
}

static void do_create(struct model *m, bool is_dir)
{
	int at = slot(m), dir = any(m, true), file = 1;
	char name[256];
	int64_t n;

	while (file < MODEL_FILES && m->file[file].used)
		file++;
	if (at < 0 || file == MODEL_FILES)
		return;
	name_for(m, dir, name);
	n = vol_create(&m->v, node_of(m, dir), name, is_dir ? 0040755 : 0100644);
	if (n == -ENOSPC)
		return;
	if (n <= 0)
		fail_msg("create %s: %ld", name, (long)n);
	m->file[file] = (struct model_file){ .used = true, .dir = is_dir, .node = (uint32_t)n,
					     .data = is_dir ? NULL : calloc(1, MODEL_MAX) };
	add_name(m, at, dir, file, name);
}

static void do_write(struct model *m)
{
	static uint8_t data[MODEL_MAX];
	int file = any(m, false);
	uint64_t off, len;
	struct model_file *f;
	int64_t n;

	if (file < 0)
		return;
	f = &m->file[file];
	off = rnd(3) ? f->size - (f->size ? rnd((unsigned)f->size) : 0) :
		       rnd(MODEL_MAX - 1000);
	off = rnd(3) ? off : f->size;
	len = 1 + (rnd(4) ? rnd(5000) : rnd(120000));
	if (off + len > MODEL_MAX)
		return;
	for (uint64_t i = 0; i < len; i++)
		data[i] = (uint8_t)(random() >> 5);
	f->touched = true;
	n = vol_write(&m->v, node_of(m, file), off, data, len, 0);
	if (n < 0 && n != -ENOSPC)
		fail_msg("write: %ld", (long)n);
	if (n <= 0)
		return;
	memcpy(f->data + off, data, (size_t)n);
	f->size = f->size > off + (uint64_t)n ? f->size : off + (uint64_t)n;
}

static void do_truncate(struct model *m)
{
	int file = any(m, false);
	uint64_t size = rnd(3) ? rnd(MODEL_MAX) : 0;
	struct model_file *f;

	if (file < 0)
		return;
	f = &m->file[file];
	assert_int_equal(vol_truncate(&m->v, node_of(m, file), size), 0);
	if (size < f->size)
		memset(f->data + size, 0, f->size - size);
	f->size = size;
	f->touched = true;
}

static void do_room(struct model *m)
{
	int file = any(m, false);
	unsigned mode = rnd(3); // nothing, KEEP_SIZE, KEEP_SIZE | PUNCH_HOLE
	uint64_t off = rnd(MODEL_MAX / 2), len = 1 + rnd(MODEL_MAX / 2), end = off + len;
	struct model_file *f;
	int64_t r;

	if (file < 0)
		return;
	f = &m->file[file];
	r = vol_allocate(&m->v, node_of(m, file), mode == 2 ? 3 : mode, off, len);
	if (r == -EOPNOTSUPP || r == -ENOSPC)
		return;
	if (r)
		fail_msg("allocate: %ld", (long)r);
	f->touched = true;
	if (mode == 2 && off < f->size)
		memset(f->data + off, 0, (end < f->size ? end : f->size) - off);
	if (mode == 0 && end > f->size)
		f->size = end;
}

static void lose_name(struct model *m, int at)
{
	struct model_file *f = &m->file[m->name[at].file];

	m->name[at].used = false;
	m->name[at].touched = true;
	f->touched = true;
	f->names--;
	if (f->names || (f->node && !f->dir && rnd(2)))
		return; // still open
	if (f->node)
		vol_forget(&m->v, f->node);
	free(f->data);
	*f = (struct model_file){ .touched = true };
}

static bool is_empty(struct model *m, int dir)
{
	for (int i = 0; i < MODEL_NAMES; i++) {
		if (m->name[i].used && m->name[i].dir == dir)
			return false;
	}
	return true;
}

static void do_unlink(struct model *m)
{
	int at = any_name(m);
	struct model_file *f;
	int64_t r;

	if (at < 0)
		return;
	f = &m->file[m->name[at].file];
	r = vol_unlink(&m->v, node_of(m, m->name[at].dir), m->name[at].name, f->dir);
	if (f->dir && !is_empty(m, m->name[at].file)) {
		assert_int_equal(r, -ENOTEMPTY);
		return;
	}
	assert_int_equal(r, 0);
	lose_name(m, at);
}

static bool is_below(struct model *m, int dir, int above)
{
	while (dir && dir != above) {
		int i = 0;

		while (!m->name[i].used || m->name[i].file != dir)
			i++;
		dir = m->name[i].dir;
	}
	return dir == above;
}

// To a free name, or over a file.
static void do_rename(struct model *m)
{
	int at = any_name(m), to = any(m, true), over = rnd(2) ? any_name(m) : -1, file;
	char name[256];
	int64_t r;

	if (at < 0)
		return;
	file = m->name[at].file;
	if (m->file[file].dir)
		over = -1;
	if (over >= 0 && (m->file[m->name[over].file].dir || m->name[over].file == file))
		over = -1;
	if (over >= 0)
		to = m->name[over].dir;
	name_for(m, to, name);
	if (over >= 0)
		strcpy(name, m->name[over].name);
	r = vol_rename(&m->v, node_of(m, m->name[at].dir), m->name[at].name, node_of(m, to), name,
		       0);
	if (m->file[file].dir && is_below(m, to, file)) {
		assert_int_equal(r, -EINVAL);
		return;
	}
	if (r == -ENOSPC)
		return;
	assert_int_equal(r, 0);
	m->file[file].touched = true;
	m->name[at].touched = true;
	if (over >= 0) {
		lose_name(m, over);
		m->name[over].used = true; // a name as before, of another file
		m->name[over].file = file;
		m->file[file].names++;
		over = -1;
	} else if (slot(m) >= 0) {
		add_name(m, slot(m), to, file, name);
	} else {
		// No room for another name: the old place says the new one.
		m->name[at].dir = to;
		strcpy(m->name[at].name, name);
		m->name[at].durable = false;
		return;
	}
	m->name[at].used = false;
	m->file[file].names--;
}

static void do_exchange(struct model *m)
{
	int a = any_name(m), b = any_name(m), file;

	if (a < 0 || b < 0 || m->file[m->name[a].file].dir || m->file[m->name[b].file].dir)
		return;
	assert_int_equal(vol_rename(&m->v, node_of(m, m->name[a].dir), m->name[a].name,
				    node_of(m, m->name[b].dir), m->name[b].name,
				    VOLUME_F_EXCHANGE), 0);
	file = m->name[a].file;
	m->name[a].file = m->name[b].file;
	m->name[b].file = file;
	m->name[a].touched = m->name[b].touched = true;
}

static void do_link(struct model *m)
{
	int at = slot(m), file = any(m, false), dir = any(m, true);
	char name[256];

	if (at < 0 || file < 0)
		return;
	name_for(m, dir, name);
	if (vol_link(&m->v, node_of(m, dir), name, node_of(m, file)) == 0)
		add_name(m, at, dir, file, name);
}

static void compare_file(struct model_file *f, struct vol *v, uint32_t node)
{
	assert_int_equal(vol_open(v, node, false), 0);
	assert_int_equal(vol_getattr(v, node), 0);
	assert_int_equal(v->r.attr.size, f->size);
	assert_int_equal(v->r.attr.nlink, f->names);
	assert_int_equal(vol_read(v, node, 0, buffer, sizeof(buffer)), f->size);
	if (memcmp(buffer, f->data, f->size)) {
		uint64_t i = 0;

		while (buffer[i] == f->data[i])
			i++;
		fail_msg("node %u differs at %lu of %lu", node, (unsigned long)i,
			 (unsigned long)f->size);
	}
}

static unsigned count_entries(struct vol *v, uint32_t node)
{
	uint64_t off = 0;
	unsigned n = 0;
	int64_t r;

	assert_int_equal(vol_open(v, node, false), 0);
	while ((r = vol_readdir(v, node, &off, buffer, 4096)) > 0) {
		for (uint8_t *p = buffer; p < buffer + r;) {
			uint16_t len;

			memcpy(&len, p + 16, 2);
			p += len;
			n++;
		}
	}
	assert_int_equal(r, 0);
	return n;
}

void model_compare(struct model *m)
{
	for (int i = 0; i < MODEL_FILES; i++) {
		struct model_file *f = &m->file[i];
		unsigned names = 2;

		if (!f->used)
			continue;
		for (int k = 0; k < MODEL_NAMES; k++) {
			if (m->name[k].used && m->name[k].dir == i)
				names++;
		}
		if (f->dir && i)
			assert_int_equal(count_entries(&m->v, node_of(m, i)), names);
		else if (!f->dir)
			compare_file(f, &m->v, node_of(m, i));
	}
	for (int i = 0; i < MODEL_NAMES; i++) {
		if (m->name[i].used)
			assert_int_equal(vol_lookup(&m->v, node_of(m, m->name[i].dir),
						    m->name[i].name), node_of(m, m->name[i].file));
	}
}

void model_close(struct model *m)
{
	for (int i = 1; i < MODEL_FILES; i++) {
		struct model_file *f = &m->file[i];

		if (f->node)
			vol_forget(&m->v, f->node);
		f->node = 0;
		if (f->used && !f->names) {
			free(f->data);
			*f = (struct model_file){ .used = false };
		}
	}
}

void model_sync(struct model *m)
{
	int file = any(m, false);

	if (file < 0)
		return;
	assert_int_equal(vol_fsync(&m->v, node_of(m, file), false), 0);
	m->synced = m->v.disk->steps;
	for (int i = 0; i < MODEL_FILES; i++) {
		struct model_file *f = &m->file[i];

		f->touched = false;
		f->durable_size = f->size;
		if (f->used && !f->dir)
			f->durable_sum = sum_of(f->data, f->size);
	}
	for (int i = 0; i < MODEL_NAMES; i++) {
		m->name[i].durable = m->name[i].used;
		m->name[i].touched = false;
	}
}

static bool stable(struct model *m, int dir)
{
	if (!dir)
		return true;
	if (m->file[dir].touched)
		return false;
	for (int i = 0; i < MODEL_NAMES; i++) {
		if (m->name[i].durable && !m->name[i].touched && m->name[i].file == dir)
			return stable(m, m->name[i].dir);
	}
	return false;
}

static int64_t durable_node(struct model *m, struct vol *v, int dir)
{
	for (int i = 0; dir && i < MODEL_NAMES; i++) {
		if (m->name[i].durable && m->name[i].file == dir)
			return vol_lookup(v, (uint32_t)durable_node(m, v, m->name[i].dir),
					  m->name[i].name);
	}
	return dir ? -ENOENT : 1;
}

void model_compare_durable(struct model *m, struct vol *v)
{
	for (int i = 0; i < MODEL_NAMES; i++) {
		const struct model_name *n = &m->name[i];
		const struct model_file *f = &m->file[n->file];
		int64_t node;

		if (!n->durable || n->touched || f->touched || !stable(m, n->dir))
			continue;
		node = vol_lookup(v, (uint32_t)durable_node(m, v, n->dir), n->name);
		if (node <= 0)
			fail_msg("%s is not there: %ld", n->name, (long)node);
		if (f->dir)
			continue;
		assert_int_equal(vol_open(v, (uint32_t)node, false), 0);
		assert_int_equal(vol_read(v, (uint32_t)node, 0, buffer, sizeof(buffer)),
				 f->durable_size);
		if (sum_of(buffer, f->durable_size) != f->durable_sum)
			fail_msg("%s has other contents", n->name);
	}
}

void model_step(struct model *m)
{
	unsigned what = rnd(100);

	if (what < 20)
		do_create(m, rnd(4) == 0);
	else if (what < 50)
		do_write(m);
	else if (what < 60)
		do_truncate(m);
	else if (what < 70)
		do_room(m);
	else if (what < 82)
		do_unlink(m);
	else if (what < 90)
		do_rename(m);
	else if (what < 92)
		do_exchange(m);
	else if (what < 96)
		do_link(m);
	else if (what < 98)
		model_sync(m);
	else if (rnd(4) == 0)
		model_close(m);
}
