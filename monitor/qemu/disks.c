// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes: a directory goes to the guest by 9p, a file with a file system in it as a disk.
//
// What a file is, its name says together with its first bytes, never these alone: a guest writes
// them. One that may write to a raw disk could make a qcow2 file of it that names any file of the
// host as its backing file, and read that when it is started the next time. So a qcow2 file is one
// whose name ends in .qcow2, and it may name no other file.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <monitor/qemu/half.h>

// QEMU: docs/interop/qcow2.txt. Big-endian.
#define QCOW2_MAGIC "QFI\xfb"
#define QCOW2_BACKING 8    // 8 bytes: where the backing file's name is, or 0
#define QCOW2_INCOMPATIBLE 72 // 8 bytes of flags, from version 3 on
#define QCOW2_DATA_FILE 0x4   // of the last of them: the data is in another file
// Linux: Documentation/filesystems/ext4/super.rst. Little-endian.
#define EXT_MAGIC_AT (1024 + 56)
#define HEAD_LEN (EXT_MAGIC_AT + 2)

static int read_head(int fd, uint8_t head[HEAD_LEN])
{
	char path[32];
	ssize_t n;
	int file;

	memset(head, 0, HEAD_LEN);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return -errno;
	n = pread(file, head, HEAD_LEN, 0);
	n = n < 0 ? -errno : 0;
	close(file);
	return (int)n;
}

static int refuse(const struct volume_spec *v, struct failure *why, const char *text)
{
	return failure_set(why, -EINVAL, "-v %s:%s: %s", v->host, v->guest, text);
}

static bool named_qcow2(const char *path)
{
	size_t len = strlen(path);

	return len > 6 && !strcmp(path + len - 6, ".qcow2");
}

static int look_at_qcow2(const struct volume_spec *v, const uint8_t *head, struct failure *why)
{
	static const uint8_t none[8];

	if (memcmp(head, QCOW2_MAGIC, 4))
		return refuse(v, why, "its name says that it is a qcow2 file, and it is none");
	if (memcmp(head + QCOW2_BACKING, none, sizeof(none)) ||
	    (head[7] >= 3 && (head[QCOW2_INCOMPATIBLE + 7] & QCOW2_DATA_FILE)))
		return refuse(v, why,
			      "it names another file that belongs to it, which is not followed; make "
			      "one of both: qemu-img convert -O qcow2");
	return 0;
}

static int look_at_file(struct qemu_disk *d, const struct volume_spec *v, struct failure *why)
{
	uint8_t head[HEAD_LEN];
	int err = read_head(d->fd, head);

	if (err)
		return failure_errno(why, err, "-v %s:%s: cannot read %s", v->host, v->guest,
				     v->host);
	d->block = true;
	d->format = named_qcow2(v->host) ? "qcow2" : "raw";
	if (d->format[0] == 'q')
		return look_at_qcow2(v, head, why);
	if (!memcmp(head, QCOW2_MAGIC, 4))
		return refuse(v, why,
			      "it begins like a qcow2 file, but a guest may have written that; if it "
			      "is one, its name must end in .qcow2");
	if (head[EXT_MAGIC_AT] != 0x53 || head[EXT_MAGIC_AT + 1] != 0xef)
		return refuse(v, why,
			      "a single file can be a volume on kvm and process only, unless it is a "
			      "disk with ext2, ext3 or ext4 in it; on qemu give its folder");
	return 0;
}

int qemu_disks_open(struct qemu *q, struct failure *why)
{
	const struct volumes *v = &q->m->volumes;
	int err = 0;

	for (unsigned i = 0; i < v->count && !err; i++) {
		q->disk[i].fd = v->at[i].fd;
		if (v->at[i].file)
			err = look_at_file(&q->disk[i], &q->m->cfg->volumes[i], why);
		if (!err && q->disk[i].block && !(q->m->image.header.flags & IMAGE_F_DISKS))
			err = volume_disk_unable(&q->m->cfg->volumes[i], why);
	}
	return err;
}
