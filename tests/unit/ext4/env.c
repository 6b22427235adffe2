// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See env.h: the rest of the library OS, and requests.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ext4/env.h"
#include <core/klib.h>

long env_allocations, env_fail_after = -1;
uint64_t env_time = 1000;
bool env_quiet;
char env_said[4096];

static bool fails(void)
{
	if (env_fail_after < 0)
		return false;
	if (!env_fail_after)
		return true;
	env_fail_after--;
	return false;
}

void *kmalloc(size_t n)
{
	if (fails())
		return NULL;
	env_allocations++;
	return malloc(n ? n : 1);
}

void *kzalloc(size_t n)
{
	void *p = kmalloc(n);

	return p ? memset(p, 0, n) : NULL;
}

void *krealloc(void *p, size_t n)
{
	if (fails())
		return NULL;
	env_allocations += !p;
	return realloc(p, n);
}

void kfree(void *p)
{
	env_allocations -= p != NULL;
	free(p);
}

uint64_t time_now(void) { return env_time += 1000; }
int64_t time_wall_offset(void) { return 1700000000ll * 1000000000; }
uint64_t random_u64(void) { return (uint64_t)random() << 32 ^ (uint64_t)random(); }

void klog(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(env_said, sizeof(env_said), fmt, ap);
	va_end(ap);
	if (!env_quiet)
		fprintf(stderr, "pith: %s\n", env_said);
}

void kassert_failed(const char *expr, const char *file, int line)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, expr);
	abort();
}

int vol_mount(struct vol *v, struct disk *d)
{
	struct ext4_options o = { .name = "/data", .uid = 1000, .gid = 1000, .dev = 99,
				  .cache_bytes = 1 << 20 };
	int r;

	*v = (struct vol){ .disk = d };
	r = ext4_mount(&d->dev, &o, &v->fs);
	if (!r)
		v->s = ext4_server(v->fs);
	return r;
}

int vol_unmount(struct vol *v)
{
	int r = ext4_unmount(v->fs);

	v->fs = NULL;
	return r;
}

static struct volume_request *begin(struct vol *v, enum volume_op op, uint32_t node)
{
	memset(&v->r, 0, sizeof(v->r));
	v->r.version = VOLUME_VERSION;
	v->r.op = op;
	v->r.node = node;
	return &v->r;
}

static void name(struct vol *v, const char *s)
{
	v->r.name_len = (uint16_t)strlen(s);
	memcpy(v->r.name, s, strlen(s));
}

static int64_t call(struct vol *v, void *data)
{
	return v->s->serve(v->s, &v->r, data);
}

static int64_t node_of(struct vol *v, int64_t r)
{
	return r ? r : v->r.found;
}

int64_t vol_lookup(struct vol *v, uint32_t dir, const char *s)
{
	begin(v, VOLUME_LOOKUP, dir);
	name(v, s);
	return node_of(v, call(v, NULL));
}

int64_t vol_create(struct vol *v, uint32_t dir, const char *s, uint32_t mode)
{
	begin(v, VOLUME_CREATE, dir)->mode = mode;
	name(v, s);
	return node_of(v, call(v, NULL));
}

int64_t vol_symlink(struct vol *v, uint32_t dir, const char *s, const char *target)
{
	begin(v, VOLUME_CREATE, dir)->mode = 0120777;
	name(v, s);
	v->r.len = strlen(target);
	return node_of(v, call(v, (void *)target));
}

int64_t vol_link(struct vol *v, uint32_t dir, const char *s, uint32_t node)
{
	begin(v, VOLUME_LINK, dir)->other = node;
	name(v, s);
	return call(v, NULL);
}

int64_t vol_unlink(struct vol *v, uint32_t dir, const char *s, bool directory)
{
	begin(v, VOLUME_UNLINK, dir)->flags = directory ? VOLUME_F_DIRECTORY : 0;
	name(v, s);
	return call(v, NULL);
}

int64_t vol_rename(struct vol *v, uint32_t dir, const char *s, uint32_t to, const char *name2,
		   uint32_t flags)
{
	begin(v, VOLUME_RENAME, dir)->flags = flags;
	name(v, s);
	v->r.other = to;
	v->r.name2_len = (uint16_t)strlen(name2);
	memcpy(v->r.name2, name2, strlen(name2));
	return call(v, NULL);
}

int64_t vol_open(struct vol *v, uint32_t node, bool write)
{
	begin(v, VOLUME_OPEN, node)->flags = write ? VOLUME_F_WRITE : 0;
	return call(v, NULL);
}

static int64_t at(struct vol *v, enum volume_op op, uint32_t node, uint64_t off, uint64_t len,
		  uint32_t flags, void *data)
{
	begin(v, op, node);
	v->r.off = off;
	v->r.len = len;
	v->r.flags = flags;
	return call(v, data);
}

int64_t vol_read(struct vol *v, uint32_t node, uint64_t off, void *to, size_t len)
{
	return at(v, VOLUME_READ, node, off, len, 0, to);
}

int64_t vol_write(struct vol *v, uint32_t node, uint64_t off, const void *from, size_t len,
		  uint32_t flags)
{
	return at(v, VOLUME_WRITE, node, off, len, flags, (void *)from);
}

int64_t vol_truncate(struct vol *v, uint32_t node, uint64_t size)
{
	begin(v, VOLUME_SETATTR, node)->flags = VOLUME_F_SET_SIZE;
	v->r.attr.size = size;
	return call(v, NULL);
}

int64_t vol_getattr(struct vol *v, uint32_t node)
{
	begin(v, VOLUME_GETATTR, node);
	return call(v, NULL);
}

int64_t vol_fsync(struct vol *v, uint32_t node, bool data)
{
	begin(v, VOLUME_FSYNC, node)->flags = data ? VOLUME_F_DATA : 0;
	return call(v, NULL);
}

int64_t vol_allocate(struct vol *v, uint32_t node, uint32_t mode, uint64_t off, uint64_t len)
{
	begin(v, VOLUME_ALLOCATE, node)->mode = mode;
	v->r.off = off;
	v->r.len = len;
	return call(v, NULL);
}

int64_t vol_seek(struct vol *v, uint32_t node, uint64_t off, int whence)
{
	begin(v, VOLUME_SEEK, node)->mode = (uint32_t)whence;
	v->r.off = off;
	return call(v, NULL);
}

int64_t vol_readlink(struct vol *v, uint32_t node, char *to, size_t len)
{
	return at(v, VOLUME_READLINK, node, 0, len, 0, to);
}

int64_t vol_readdir(struct vol *v, uint32_t node, uint64_t *off, void *to, size_t len)
{
	int64_t n = at(v, VOLUME_READDIR, node, *off, len, 0, to);

	for (uint8_t *p = to, *end = p + n; n > 0 && p < end;) {
		uint16_t rec;

		memcpy(off, p + 8, 8);
		memcpy(&rec, p + 16, 2);
		p += rec;
	}
	return n;
}

int64_t vol_statfs(struct vol *v)
{
	begin(v, VOLUME_STATFS, 1);
	return call(v, NULL);
}

void vol_forget(struct vol *v, uint32_t node)
{
	v->s->forget(v->s, node);
}
