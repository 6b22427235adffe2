// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See env.h: the disk, and e2fsprogs.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ext4/env.h"
#include "folder.h"
#include <asm-generic/errno.h>
#include <asm-generic/errno-base.h>

static char folder[64];

static void end(void)
{
	if (folder[0])
		folder_remove(folder);
}

char *env_folder(void)
{
	if (!folder[0]) {
		// e2fsck syncs what it repairs: not to a disk.
		snprintf(folder, sizeof(folder), "%s/pith-ext4-XXXXXX",
			 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
		if (!mkdtemp(folder))
			abort();
		atexit(end);
	}
	return folder;
}

static char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", env_folder(), name);
	return path;
}

static bool inside(const struct disk *d, uint64_t sector, size_t len)
{
	return len % SECTOR_SIZE == 0 && sector <= d->dev.sectors &&
	       len / SECTOR_SIZE <= d->dev.sectors - sector;
}

static int disk_read(struct blockdev *dev, uint64_t sector, void *buf, size_t len)
{
	struct disk *d = (struct disk *)dev;

	if (!inside(d, sector, len))
		return -EINVAL;
	d->reads++;
	memcpy(buf, d->data + sector * SECTOR_SIZE, len);
	return 0;
}

static void remember(struct disk *d, uint64_t sector, const void *buf, size_t len)
{
	if (d->steps == d->room) {
		d->room = d->room ? d->room * 2 : 1024;
		d->step = realloc(d->step, d->room * sizeof(*d->step));
	}
	d->step[d->steps] = (struct step){ sector, (uint32_t)len, len ? malloc(len) : NULL };
	if (len)
		memcpy(d->step[d->steps].data, buf, len);
	d->steps++;
}

static int disk_write(struct blockdev *dev, uint64_t sector, const void *buf, size_t len)
{
	struct disk *d = (struct disk *)dev;

	if (!inside(d, sector, len))
		return -EINVAL;
	if (!d->fail_after)
		return -EIO;
	d->fail_after -= d->fail_after > 0;
	d->writes++;
	if (d->record)
		remember(d, sector, buf, len);
	memcpy(d->data + sector * SECTOR_SIZE, buf, len);
	return 0;
}

static int disk_flush(struct blockdev *dev)
{
	struct disk *d = (struct disk *)dev;

	d->flushes++;
	if (d->record)
		remember(d, 0, NULL, 0);
	return d->fail_after ? 0 : -EIO;
}

void disk_empty(struct disk *d, uint64_t size)
{
	*d = (struct disk){ .dev = { size / SECTOR_SIZE, false, disk_read, disk_write, disk_flush },
			    .data = calloc(1, size), .size = size, .fail_after = -1 };
}

void disk_load(struct disk *d, const char *path)
{
	struct stat st;
	FILE *f;

	if (stat(path, &st))
		abort();
	disk_empty(d, (uint64_t)st.st_size);
	f = fopen(path, "r");
	if (fread(d->data, 1, d->size, f) != d->size)
		abort();
	fclose(f);
}

void disk_make(struct disk *d, uint64_t size, const char *mke2fs)
{
	char command[512];
	char *path = path_of("disk"), *more = strchr(mke2fs, '|');
	int len = more ? (int)(more - mke2fs) : (int)strlen(mke2fs);

	unlink(path);
	snprintf(command, sizeof(command), "truncate -s %lu %s && mke2fs -q -F %.*s %s >&2 && "
		 "debugfs -w -R '%s' %s >/dev/null 2>&1", (unsigned long)size, path, len, mke2fs,
		 path, more ? more + 1 : "stats", path);
	if (system(command)) {
		fprintf(stderr, "%s: failed\n", command);
		abort();
	}
	disk_load(d, path);
}

void disk_forget_steps(struct disk *d)
{
	for (size_t i = 0; i < d->steps; i++)
		free(d->step[i].data);
	d->steps = 0;
}

void disk_free(struct disk *d)
{
	disk_forget_steps(d);
	free(d->step);
	free(d->data);
}

void disk_save(const struct disk *d, const char *path)
{
	FILE *f = fopen(path, "w");

	// Most of it are zeros: holes.
	for (uint64_t off = 0; off < d->size; off += 4096) {
		static const uint8_t zeros[4096];
		size_t n = d->size - off < 4096 ? d->size - off : 4096;

		if (!memcmp(d->data + off, zeros, n))
			continue;
		fseek(f, (long)off, SEEK_SET);
		if (fwrite(d->data + off, 1, n, f) != n)
			abort();
	}
	fclose(f);
	if (truncate(path, (off_t)d->size))
		abort();
}

void disk_fsck_show(void)
{
	char line[512];
	FILE *f = fopen(path_of("check.log"), "r");

	while (fgets(line, sizeof(line), f))
		fprintf(stderr, "  e2fsck: %s", line);
	fclose(f);
}

int disk_fsck(struct disk *d, const char *options, int expected)
{
	char command[512], path[128];
	int status;
	FILE *f;

	snprintf(path, sizeof(path), "%s", path_of("check"));
	disk_save(d, path);
	snprintf(command, sizeof(command), "e2fsck %s %s >%s.log 2>&1", options, path, path);
	status = WEXITSTATUS(system(command));
	if (expected >= 0 && status != expected)
		disk_fsck_show();
	if (!strstr(options, "n")) {
		f = fopen(path, "r");
		if (fread(d->data, 1, d->size, f) != d->size)
			abort();
		fclose(f);
	}
	return status;
}

bool disk_fsck_said(const char *what)
{
	char line[512];
	bool said = false;
	FILE *f = fopen(path_of("check.log"), "r");

	while (fgets(line, sizeof(line), f))
		said |= strstr(line, what) != NULL;
	fclose(f);
	return said;
}

static void apply(uint8_t *to, const struct step *s, uint32_t piece, unsigned of_ten)
{
	for (uint32_t off = 0; off < s->len; off += piece) {
		uint32_t n = s->len - off < piece ? s->len - off : piece;

		if ((unsigned)random() % 10 < of_ten)
			memcpy(to + s->sector * SECTOR_SIZE + off, s->data + off, n);
	}
}

void disk_settle(struct disk *d, uint8_t *platter)
{
	size_t last = 0;

	for (size_t i = 0; i < d->steps; i++) {
		if (!d->step[i].len)
			last = i + 1;
	}
	for (size_t i = 0; i < last; i++) {
		apply(platter, &d->step[i], 1 << 30, 10);
		free(d->step[i].data);
	}
	if (last)
		memmove(d->step, d->step + last, (d->steps - last) * sizeof(*d->step));
	d->steps -= last;
}

void disk_crash(struct disk *to, const struct disk *d, const uint8_t *platter, size_t cut,
		uint32_t piece)
{
	static const unsigned chances[] = { 0, 1, 5, 9, 10 };
	unsigned chance = chances[(unsigned)random() % 5];
	size_t last = 0;

	disk_empty(to, d->size);
	memcpy(to->data, platter, d->size);
	for (size_t i = 0; i < cut; i++) {
		if (!d->step[i].len)
			last = i;
	}
	for (size_t i = 0; i < cut; i++)
		apply(to->data, &d->step[i], piece, i < last ? 10 : chance);
}

const char *disk_debugfs(const struct disk *d, const char *command)
{
	static char said[65536];
	char line[512], path[128];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s", path_of("look"));
	disk_save(d, path);
	snprintf(line, sizeof(line), "debugfs -R '%s' %s 2>/dev/null", command, path);
	f = popen(line, "r");
	n = fread(said, 1, sizeof(said) - 1, f);
	said[n] = 0;
	pclose(f);
	return said;
}
