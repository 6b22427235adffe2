// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include "server.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define FIDS_MAX 512
#define MUST(e) ((e) ? (void)0 : (fprintf(stderr, "the server: %s:%d: %s\n", __FILE__, __LINE__, #e), abort()))

static struct fid {
	uint32_t nr;
	bool used, open;
	char path[512];
	int fd;
	DIR *dir;
} fids[FIDS_MAX];

static const char *top;
static const uint8_t *in_at, *in_end;
static uint8_t out[2 << 20], *out_at;

static uint64_t get(unsigned bytes)
{
	uint64_t v = 0;

	MUST(in_at + bytes <= in_end);
	memcpy(&v, in_at, bytes);
	in_at += bytes;
	return v;
}

static uint32_t get32(void) { return (uint32_t)get(4); }

static char *get_name(void)
{
	static char names[2][8192];
	static unsigned turn;
	char *to = names[turn++ % 2];
	size_t len = get(2);

	MUST(in_at + len <= in_end);
	memcpy(to, in_at, len);
	to[len] = 0;
	in_at += len;
	return to;
}

static void put(uint64_t v, unsigned bytes)
{
	memcpy(out_at, &v, bytes);
	out_at += bytes;
}

static void put_qid(const struct stat *st)
{
	put(S_ISDIR(st->st_mode) ? 0x80 : S_ISLNK(st->st_mode) ? 2 : 0, 1);
	put(0, 4);
	put(st->st_ino, 8);
}

static struct fid *find(uint32_t nr)
{
	for (int i = 0; i < FIDS_MAX; i++) {
		if (fids[i].used && fids[i].nr == nr)
			return &fids[i];
	}
	return NULL;
}

static struct fid *get_fid(void)
{
	struct fid *f = find(get32());

	MUST(f);
	return f;
}

static struct fid *make(uint32_t nr, const char *path)
{
	MUST(!find(nr) && nr != ~0u);
	for (int i = 0; i < FIDS_MAX; i++) {
		if (!fids[i].used) {
			fids[i] = (struct fid){ .nr = nr, .used = true, .fd = -1 };
			snprintf(fids[i].path, sizeof(fids[i].path), "%s", path);
			return &fids[i];
		}
	}
	MUST(!"fids for all");
	return NULL;
}

static void drop(struct fid *f)
{
	if (f->dir)
		closedir(f->dir);
	else if (f->fd >= 0)
		close(f->fd);
	f->used = false;
}

static const char *under(const struct fid *dir, const char *name)
{
	static char paths[2][1024];
	static unsigned turn;
	char *to = paths[turn++ % 2];

	MUST(!strchr(name, '/') && *name);
	snprintf(to, sizeof(paths[0]), "%s/%s", dir->path, name);
	return to;
}

static int answer_qid(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return errno;
	put_qid(&st);
	return 0;
}

static int version(struct server *s)
{
	uint32_t msize = get32();

	MUST(!strcmp(get_name(), "9P2000.L"));
	put(s->msize < msize ? s->msize : msize, 4);
	put(8, 2);
	memcpy(out_at, "9P2000.L", 8);
	out_at += 8;
	return 0;
}

static int attach(void)
{
	struct fid *f = make(get32(), top);

	MUST(get32() == ~0u);
	get_name();
	MUST(!*get_name());
	get32();
	return answer_qid(f->path);
}

static int walk(void)
{
	struct fid *f = get_fid();
	uint32_t to = get32();
	unsigned count = (unsigned)get(2);
	const char *path;
	struct stat st;

	MUST(!f->open && count <= 1);
	path = count ? under(f, get_name()) : f->path;
	if (count && lstat(path, &st))
		return errno;
	make(to, path);
	put(count, 2);
	if (count)
		put_qid(&st);
	return 0;
}

static int open_it(struct fid *f, int flags, mode_t mode)
{
	MUST(!f->open);
	f->fd = open(f->path, flags | O_NOFOLLOW | O_NONBLOCK, mode);
	if (f->fd < 0)
		return errno;
	f->open = true;
	if (flags & O_DIRECTORY)
		f->dir = fdopendir(f->fd);
	return 0;
}

static int lopen(void)
{
	struct fid *f = get_fid();
	int e = open_it(f, (int)get32(), 0);

	if (!e)
		e = answer_qid(f->path);
	put(0, 4);
	return e;
}

static int lcreate(void)
{
	struct fid *f = get_fid();
	const char *path = under(f, get_name());
	int flags = (int)get32(), e;
	mode_t mode = get32();
	char before[512];

	MUST(get32() == ~0u);
	strcpy(before, f->path);
	snprintf(f->path, sizeof(f->path), "%s", path);
	e = open_it(f, flags, mode);
	if (e)
		strcpy(f->path, before);
	if (!e)
		e = answer_qid(f->path);
	put(0, 4);
	return e;
}

static int getattr(const struct server *s)
{
	struct fid *f = get_fid();
	struct stat st;

	MUST(get(8) == 0x7ff);
	if (s->fstats && f->open ? fstat(f->fd, &st) : lstat(f->path, &st))
		return errno;
	put(0x7ff, 8);
	put_qid(&st);
	put(st.st_mode, 4);
	put(st.st_uid, 4);
	put(st.st_gid, 4);
	put(st.st_nlink, 8);
	put(st.st_rdev, 8);
	put((uint64_t)st.st_size, 8);
	put((uint64_t)st.st_blksize, 8);
	put((uint64_t)st.st_blocks, 8);
	put((uint64_t)st.st_atim.tv_sec, 8);
	put((uint64_t)st.st_atim.tv_nsec, 8);
	put((uint64_t)st.st_mtim.tv_sec, 8);
	put((uint64_t)st.st_mtim.tv_nsec, 8);
	put((uint64_t)st.st_ctim.tv_sec, 8);
	put((uint64_t)st.st_ctim.tv_nsec, 8);
	for (int i = 0; i < 4; i++)
		put(0, 8);
	return 0;
}

static int setattr(void)
{
	struct fid *f = get_fid();
	uint32_t valid = get32(), mode = get32();
	uint64_t size;
	struct timespec t[2];

	get(8);
	size = get(8);
	for (int i = 0; i < 2; i++) {
		t[i].tv_sec = (time_t)get(8);
		t[i].tv_nsec = (long)get(8);
		if (!(valid & (0x10u << i)))
			t[i].tv_nsec = UTIME_OMIT;
	}
	if ((valid & 1) && chmod(f->path, mode))
		return errno;
	if ((valid & 0x30) && utimensat(AT_FDCWD, f->path, t, AT_SYMLINK_NOFOLLOW))
		return errno;
	return (valid & 8) && truncate(f->path, (off_t)size) ? errno : 0;
}

static int readdir_(void)
{
	struct fid *f = get_fid();
	long off = (long)get(8);
	size_t room = get32();
	uint8_t *count = out_at;
	struct dirent *d;

	MUST(f->dir);
	put(0, 4);
	seekdir(f->dir, off);
	while ((d = readdir(f->dir)) && (size_t)(out_at - count) - 4 + 24 + strlen(d->d_name) <= room) {
		put(d->d_type == DT_DIR ? 0x80 : 0, 1);
		put(0, 4);
		put(d->d_ino, 8);
		put((uint64_t)d->d_off, 8);
		put(d->d_type, 1);
		put(strlen(d->d_name), 2);
		memcpy(out_at, d->d_name, strlen(d->d_name));
		out_at += strlen(d->d_name);
	}
	room = (size_t)(out_at - count) - 4;
	memcpy(count, &room, 4);
	return 0;
}

static int read_(void)
{
	struct fid *f = get_fid();
	off_t off = (off_t)get(8);
	size_t len = get32();
	ssize_t n;

	MUST(f->open && len < sizeof(out) - 64);
	n = pread(f->fd, out_at + 4, len, off);
	if (n < 0)
		return errno;
	put((uint64_t)n, 4);
	out_at += n;
	return 0;
}

static int write_(void)
{
	struct fid *f = get_fid();
	off_t off = (off_t)get(8);
	size_t len = get32();
	ssize_t n;

	MUST(f->open && (size_t)(in_end - in_at) == len);
	n = pwrite(f->fd, in_at, len, off);
	in_at += len;
	put((uint64_t)n, 4);
	return n < 0 ? errno : 0;
}

// As QEMU: what is at or below a path that moves is somewhere else.
static void moved(const char *from, const char *to)
{
	size_t len = strlen(from);

	for (int i = 0; i < FIDS_MAX; i++) {
		char rest[512];

		if (!fids[i].used || strncmp(fids[i].path, from, len) || (fids[i].path[len] && fids[i].path[len] != '/'))
			continue;
		strcpy(rest, fids[i].path + len);
		snprintf(fids[i].path, sizeof(fids[i].path), "%s%s", to, rest);
	}
}

static int renameat_(void)
{
	struct fid *a = get_fid();
	const char *from = under(a, get_name());
	struct fid *b = get_fid();
	const char *to = under(b, get_name());

	if (rename(from, to))
		return errno;
	moved(from, to);
	return 0;
}

static int make_name(unsigned type)
{
	struct fid *dir = get_fid();
	struct fid *other = type == 70 ? get_fid() : NULL;
	const char *path = under(dir, get_name());
	int r = 0;

	if (type == 70)
		return link(other->path, path) ? errno : 0;
	if (type == 16)
		r = symlink(get_name(), path);
	if (type == 72)
		r = mkdir(path, get32());
	if (type == 18) {
		uint32_t mode = get32();

		MUST(!get(8));
		r = mknod(path, mode, 0);
	}
	if (r)
		return errno;
	MUST(get32() == ~0u);
	return answer_qid(path);
}

static int statfs_(void)
{
	struct statfs st;
	struct fid *f = get_fid();

	if (statfs(f->path, &st))
		return errno;
	put((uint64_t)st.f_type, 4);
	put((uint64_t)st.f_bsize, 4);
	put(st.f_blocks, 8);
	put(st.f_bfree, 8);
	put(st.f_bavail, 8);
	put(st.f_files, 8);
	put(st.f_ffree, 8);
	put(0, 8);
	put(255, 4);
	return 0;
}

static int readlink_(void)
{
	ssize_t n = readlink(get_fid()->path, (char *)out_at + 2, 4096);

	if (n < 0)
		return errno;
	put((uint64_t)n, 2);
	out_at += n;
	return 0;
}

static int unlinkat_(void)
{
	struct fid *f = get_fid();
	const char *path = under(f, get_name());

	return (get32() & 0x200 ? rmdir(path) : unlink(path)) ? errno : 0;
}

static int fsync_(void)
{
	struct fid *f = get_fid();

	MUST(f->open);
	return get32() ? fdatasync(f->fd) ? errno : 0 : fsync(f->fd) ? errno : 0;
}

static int serve(struct server *s, unsigned type)
{
	switch (type) {
	case 100: return version(s);
	case 104: return attach();
	case 110: return walk();
	case 12: return lopen();
	case 14: return lcreate();
	case 24: return getattr(s);
	case 26: return setattr();
	case 40: return readdir_();
	case 116: return read_();
	case 118: return write_();
	case 74: return renameat_();
	case 16: case 18: case 70: case 72: return make_name(type);
	case 8: return statfs_();
	case 22: return readlink_();
	case 76: return unlinkat_();
	case 50: return fsync_();
	case 120: drop(get_fid()); return 0;
	default: MUST(!"a known message"); return ENOSYS;
	}
}

static int64_t exchange(struct p9_transport *t, const struct p9_exchange *x)
{
	struct server *s = (struct server *)t;
	uint8_t *message = malloc(x->out_len + x->out_data_len);
	unsigned type = x->out[4];
	size_t len;
	int e;

	memcpy(message, x->out, x->out_len);
	if (x->out_data_len)
		memcpy(message + x->out_len, x->out_data, x->out_data_len);
	in_at = message + 7;
	in_end = message + x->out_len + x->out_data_len;
	memcpy(&len, message, 4);
	MUST((uint32_t)len == x->out_len + x->out_data_len && x->out_len + x->out_data_len <= s->msize + (type == 100 ? 1u << 20 : 0));
	out_at = out + 7;
	s->messages++;
	e = s->fail_type == type ? (int)s->fail_error : serve(s, type);
	MUST(e || in_at == in_end); // all of the message was looked at
	if (e) {
		out_at = out + 7;
		put((uint64_t)e, 4);
	}
	len = (size_t)(out_at - out);
	memcpy(out, &len, 4);
	out[4] = e ? 7 : (uint8_t)(type + 1);
	memcpy(out + 5, message + 5, 2);
	free(message);
	if (s->lie)
		len = s->lie(s, (uint8_t)type, out, len);
	if (len > (size_t)x->in_room + x->in_data_room)
		len = (size_t)x->in_room + x->in_data_room; // a device has no more memory than this
	memcpy(x->in, out, len < x->in_room ? len : x->in_room);
	if (len > x->in_room)
		memcpy(x->in_data, out + x->in_room, len - x->in_room);
	return (int64_t)len;
}

static int later(struct p9_transport *t, struct p9 *fs, const uint8_t *message, uint32_t len, unsigned slot)
{
	struct server *s = (struct server *)t;

	if (s->later_count == SERVER_LATER_MAX)
		return -EAGAIN;
	MUST(len <= P9_LATER_LEN);
	s->later[s->later_count].fs = fs;
	s->later[s->later_count].slot = slot;
	s->later[s->later_count].len = len;
	memcpy(s->later[s->later_count++].out, message, len);
	return 0;
}

void server_answer(struct server *s)
{
	unsigned i = --s->later_count;
	uint8_t in[P9_LATER_LEN];
	const struct p9_exchange x = { .out = s->later[i].out, .out_len = s->later[i].len, .in = in, .in_room = sizeof(in) };

	p9_came_later(s->later[i].fs, s->later[i].slot, in, (uint32_t)exchange(&s->transport, &x));
}

void server_begin(struct server *s, const char *root)
{
	*s = (struct server){ .transport = { exchange, later }, .root = root, .msize = 1 << 16 };
	top = root;
	memset(fids, 0, sizeof(fids));
}

void server_end(struct server *s)
{
	s->fids = 0;
	for (int i = 0; i < FIDS_MAX; i++) {
		s->fids += fids[i].used;
		if (fids[i].used)
			drop(&fids[i]);
	}
}
