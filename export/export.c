// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The order: everything that can be wrong with the image and the arguments is found out first; then
// GRUB is made, in memory; then the file, under another name in the same folder, which gets its own
// name when it is whole.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <export/export.h>
#include <export/medium.h>
#include <export/multiboot.h>
#include <export/words.h>
#include <image/interrupt.h>
#include <monitor/image.h>

struct job {
	const struct export *e;
	struct medium medium;
	char temp[PATH_MAX];
};

// The file is opened again, because what image_open() has is unpacked.
static int take_image(struct job *j, struct failure *why)
{
	struct image *img = malloc(sizeof(*img));
	const char *path = j->e->image;
	struct stat st;
	int err = img ? image_open(img, path, NULL, why) : failure_errno(why, -ENOMEM, "%s", path);

	if (err) {
		free(img);
		return err;
	}
	j->medium.image.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (j->medium.image.fd < 0 || fstat(j->medium.image.fd, &st))
		err = failure_errno(why, -errno, "cannot open the image %s", path);
	else if ((size_t)st.st_size != img->file_len)
		err = failure_set(why, -ESTALE, "the image %s has just been changed", path);
	memcpy(j->medium.sum, img->header.sum, sizeof(j->medium.sum));
	j->medium.image.len = img->file_len;
	image_close(img);
	free(img);
	return err;
}

static int check_platform(const struct job *j, struct failure *why)
{
	uint8_t *head = malloc(MULTIBOOT_SEARCH);
	ssize_t n = head ? pread(j->medium.image.fd, head, MULTIBOOT_SEARCH, 0) : -1;
	bool can = n > 0 && multiboot_has_header(head, (size_t)n);

	free(head);
	if (n < 0)
		return failure_errno(why, head ? -errno : -ENOMEM, "cannot read %s", j->e->image);
	return can ? 0
		   : failure_set(why, -ENOEXEC,
				 "%s cannot boot from a disk: the platform pc is not in it; build "
				 "it again, without --for or with --for pc", j->e->image);
}

// Not over a device, and not over the image itself.
static int check_output(const struct job *j, struct failure *why)
{
	struct stat st, image;

	if (strlen(j->e->output) + sizeof(".XXXXXX") > sizeof(j->temp))
		return failure_errno(why, -ENAMETOOLONG, "the output's path");
	if (stat(j->e->output, &st))
		return 0;
	if (!S_ISREG(st.st_mode))
		return failure_set(why, -EEXIST, "cannot write %s: it is %s", j->e->output,
				   S_ISDIR(st.st_mode) ? "a folder" : "not a regular file");
	if (!fstat(j->medium.image.fd, &image) && image.st_ino == st.st_ino &&
	    image.st_dev == st.st_dev)
		return failure_set(why, -EEXIST, "cannot write %s: it is the image", j->e->output);
	return 0;
}

// A new file beside the output. flags: O_CLOEXEC, or 0 for one that qemu-img gets.
static int make_temp(struct job *j, int flags, struct failure *why)
{
	int fd;

	snprintf(j->temp, sizeof(j->temp), "%s.XXXXXX", j->e->output);
	fd = mkostemp(j->temp, flags);
	if (fd < 0)
		return failure_errno(why, -errno, "cannot write %s", j->e->output);
	return fd;
}

static int write_medium(struct job *j, int fd, struct failure *why)
{
	return j->e->format == FORMAT_ISO
		       ? medium_write_cd(&j->medium, fd, j->e->output, why)
		       : medium_write_disk(&j->medium, fd, j->e->output, why);
}

// A raw disk without a name, and the container that qemu-img makes of it.
static int write_container(struct job *j, struct failure *why)
{
	int raw = make_temp(j, 0, why), fd, err;

	if (raw < 0)
		return raw;
	unlink(j->temp);
	err = write_medium(j, raw, why);
	fd = err ? err : make_temp(j, O_CLOEXEC, why);
	if (fd >= 0) {
		err = container_make(j->e->format, raw, j->temp, j->e->output, j->medium.sum, why);
		close(fd);
		if (err)
			unlink(j->temp);
	} else {
		err = fd;
	}
	close(raw);
	return err;
}

static int write_temp(struct job *j, struct failure *why)
{
	int fd, err;

	if (j->e->format != FORMAT_RAW && j->e->format != FORMAT_ISO)
		return write_container(j, why);
	fd = make_temp(j, O_CLOEXEC, why);
	if (fd < 0)
		return fd;
	err = write_medium(j, fd, why);
	if (close(fd) && !err)
		err = failure_errno(why, -errno, "cannot write %s", j->e->output);
	if (err)
		unlink(j->temp);
	return err;
}

static int write_output(struct job *j, uint64_t *bytes, struct failure *why)
{
	struct stat st;
	int err = write_temp(j, why);

	if (err)
		return err;
	if (build_interrupted())
		err = failure_set(why, -EINTR, "interrupted");
	else if (chmod(j->temp, 0644) || stat(j->temp, &st) || rename(j->temp, j->e->output))
		err = failure_errno(why, -errno, "cannot write %s", j->e->output);
	else
		*bytes = (uint64_t)st.st_size;
	if (err)
		unlink(j->temp);
	return err;
}

int export_image(const struct export *e, uint64_t *bytes, struct failure *why)
{
	struct grub grub = { 0 };
	struct job j = { .e = e, .medium = { .grub = &grub, .size = e->size, .image.fd = -1 } };
	char label[MEDIUM_LABEL_MAX], *words = NULL;
	int err = take_image(&j, why);

	if (!err)
		err = check_platform(&j, why);
	if (!err)
		err = check_output(&j, why);
	if (!err && !(words = words_for_grub(e->command_line, why)))
		err = -EINVAL;
	medium_label(j.medium.sum, label);
	if (!err)
		err = grub_make(&grub, e->format == FORMAT_ISO ? label : NULL, words, why);
	if (!err)
		err = write_output(&j, bytes, why);
	free(words);
	grub_free(&grub);
	if (j.medium.image.fd >= 0)
		close(j.medium.image.fd);
	return err;
}
