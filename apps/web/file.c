// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Open files; see file.h. The cache has sets of a few places; within a set the file that was used
// last stays longest.
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "mime.h"
#include "pool.h"

#define SETS 16u
#define WAYS 4u
#define CHECK_MS 1000
// Bytes of content that all files together may keep.
#define CONTENT_ALL (256 * 1024)

static struct file *cache[SETS][WAYS];
static size_t content_kept;
static int root = -1;

int files_open_root(const char *dir)
{
	root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root < 0 ? -errno : 0;
}

int files_root(void)
{
	return root;
}

// FNV-1a.
static uint64_t hash(const char *s, size_t n)
{
	uint64_t h = 0xcbf29ce484222325;

	while (n--)
		h = (h ^ (unsigned char)*s++) * 0x100000001b3;
	return h;
}

void file_put(struct file *f)
{
	if (--f->refs)
		return;
	if (f->content) {
		pool_put(f->content, f->size);
		content_kept -= f->size;
	}
	close(f->fd);
	pool_put(f, f->bytes);
}

static void load_content(struct file *f)
{
	size_t done = 0;
	ssize_t n = 1;

	if (!f->size || f->size > CONTENT_MAX || content_kept + f->size > CONTENT_ALL)
		return;
	f->content = pool_get(f->size);
	if (!f->content)
		return;
	while (done < f->size && n > 0) {
		n = pread(f->fd, f->content + done, f->size - done, (off_t)done);
		if (n > 0)
			done += (size_t)n;
	}
	if (done < f->size) {
		pool_put(f->content, f->size);
		f->content = NULL;
		return;
	}
	content_kept += f->size;
}

// Images may have all their times set to one, so the content counts where it is known.
static void make_etag(struct file *f)
{
	struct text t = { f->etag, sizeof(f->etag), 0, false };

	text_str(&t, "\"");
	text_hex(&t, (uint64_t)f->modified);
	text_str(&t, ".");
	text_hex(&t, (uint64_t)f->modified_ns);
	text_str(&t, "-");
	text_hex(&t, f->size);
	if (f->content) {
		text_str(&t, "-");
		text_hex(&t, hash(f->content, f->size));
	}
	text_str(&t, "\"");
	f->etag_len = (unsigned)t.len;
}

static int open_file(const char *path, size_t len, struct file **file)
{
	size_t bytes = sizeof(struct file) + len + 1;
	struct file *f;
	struct stat st;
	// Without O_NONBLOCK a FIFO would stop the whole server.
	int fd = openat(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), e = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		e = -errno;
	else if (!S_ISREG(st.st_mode))
		e = S_ISDIR(st.st_mode) ? -EISDIR : -EACCES;
	f = e ? NULL : pool_get(bytes);
	if (!f) {
		close(fd);
		return e ? e : -ENOMEM;
	}
	*f = (struct file){
		.refs = 1,
		.fd = fd,
		.size = (uint64_t)st.st_size,
		.inode = st.st_ino,
		.modified = st.st_mtim.tv_sec,
		.modified_ns = st.st_mtim.tv_nsec,
		.checked_ms = now.ms,
		.type = mime_of(path),
		.bytes = bytes,
	};
	memcpy(f->path, path, len + 1);
	load_content(f);
	make_etag(f);
	*file = f;
	return 0;
}

static bool still_there(struct file *f)
{
	struct stat st;

	if (now.ms - f->checked_ms < CHECK_MS)
		return true;
	f->checked_ms = now.ms;
	return !fstatat(root, f->path, &st, 0) && st.st_ino == f->inode &&
	       (uint64_t)st.st_size == f->size && st.st_mtim.tv_sec == f->modified &&
	       st.st_mtim.tv_nsec == f->modified_ns;
}

// The place of a file that is in the set; else the one that is to be used for it.
static struct file **find_place(struct file **set, const char *path)
{
	struct file **place = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i] && !strcmp(set[i]->path, path))
			return &set[i];
		if (*place && (!set[i] || set[i]->used_ms < (*place)->used_ms))
			place = &set[i];
	}
	return place;
}

static void drop(struct file **place)
{
	if (*place)
		file_put(*place);
	*place = NULL;
}

static void drop_all(void)
{
	for (unsigned i = 0; i < SETS * WAYS; i++)
		drop(&cache[i / WAYS][i % WAYS]);
}

int file_get(const char *path, struct file **file)
{
	size_t len = strlen(path);
	struct file **place = find_place(cache[hash(path, len) % SETS], path), *f;
	int e;

	if (!*place || strcmp((*place)->path, path) || !still_there(*place)) {
		e = open_file(path, len, &f);
		if (e == -EMFILE || e == -ENFILE || e == -ENOMEM) {
			drop_all();
			e = open_file(path, len, &f);
		}
		if (e)
			return e;
		drop(place);
		*place = f;
	}
	f = *place;
	f->used_ms = now.ms;
	f->refs++;
	*file = f;
	return 0;
}
