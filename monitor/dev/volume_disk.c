// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes that are disks: a file with ext2, ext3 or ext4 in it. The guest mounts it itself; here it
// is read and written like any single file. What matters on this side is that nobody else has it
// at the same time, another instance or QEMU: so it is locked the way in which QEMU locks images
// (block/file-posix.c: a shared lock on byte 100 + n for something that is done, on 200 + n for
// something that nobody else may do; n is 1 for writing).
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <monitor/dev/volume.h>

// Linux: Documentation/filesystems/ext4/super.rst. Little-endian.
#define EXT_MAGIC_AT (1024 + 56)
#define QCOW2_MAGIC "QFI\xfb" // QEMU: docs/interop/qcow2.txt
#define LOCK_WRITES 101
#define LOCK_ALONE 201        // nobody else writes

static int refuse(const struct volume_spec *s, struct failure *why, int err, const char *text)
{
	return failure_set(why, err, "-v %s:%s: %s", s->host, s->guest, text);
}

static bool has_ext(int fd)
{
	uint8_t magic[2];

	return pread(fd, magic, sizeof(magic), EXT_MAGIC_AT) == (ssize_t)sizeof(magic) &&
	       magic[0] == 0x53 && magic[1] == 0xef;
}

static bool is_qcow2(int fd, const char *path)
{
	size_t len = strlen(path);
	char magic[4];

	return len > 6 && !strcmp(path + len - 6, ".qcow2") &&
	       pread(fd, magic, sizeof(magic), 0) == (ssize_t)sizeof(magic) &&
	       !memcmp(magic, QCOW2_MAGIC, sizeof(magic));
}

// Is the byte locked by somebody else?
static bool taken(int fd, off_t byte)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };

	return !fcntl(fd, F_OFD_GETLK, &l) && l.l_type != F_UNLCK;
}

static int lock(int fd, off_t byte)
{
	struct flock l = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };

	return fcntl(fd, F_OFD_SETLK, &l) ? -errno : 0;
}

// First the locks, then the look: of two who do this at once at least one sees the other. Whoever
// only reads may do so together with others who do.
static int lock_disk(struct volume *at, const struct volume_spec *s, struct failure *why)
{
	bool writes = !at->readonly;

	if (lock(at->lock_fd, LOCK_ALONE) || (writes && lock(at->lock_fd, LOCK_WRITES)))
		return refuse(s, why, -EBUSY, "the disk cannot be locked");
	if (taken(at->lock_fd, LOCK_WRITES) || (writes && taken(at->lock_fd, LOCK_ALONE)))
		return refuse(s, why, -EBUSY, "another instance, or QEMU, has this disk");
	return 0;
}

int volume_disk_unable(const struct volume_spec *s, struct failure *why)
{
	return refuse(s, why, -EINVAL,
		      "it is a disk, and the image can mount none, because its program syncs no files; "
		      "build it with --call fsync to have disks");
}

int volumes_find_disks(struct volumes *v, const struct volume_spec *specs, bool able,
		       struct failure *why)
{
	int err = 0;

	for (unsigned i = 0; i < v->count && !err; i++) {
		struct volume *at = &v->at[i];
		char path[32];

		if (!at->file)
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", at->fd);
		at->lock_fd = open(path, O_RDONLY | O_CLOEXEC);
		if (at->lock_fd < 0)
			continue; // one that can only be written has no file system to be found
		if (is_qcow2(at->lock_fd, specs[i].host))
			err = refuse(&specs[i], why, -ENOTSUP,
				     "a qcow2 file can be a volume with --on qemu only; elsewhere a "
				     "raw one: qemu-img convert -O raw");
		at->disk = !err && has_ext(at->lock_fd);
		if (at->disk && !able)
			err = volume_disk_unable(&specs[i], why);
		else if (at->disk)
			err = lock_disk(at, &specs[i], why);
	}
	return err;
}
