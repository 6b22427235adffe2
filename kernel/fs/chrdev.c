// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Character devices: what opening a device node gives.
#include <core/console.h>
#include <fs/abi.h>
#include <fs/console.h>
#include <fs/tmpfs.h>

static ssize_t null_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	return 0;
}

static ssize_t null_write(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	ssize_t n = (ssize_t)it->left;

	it->left = 0;
	return n;
}

static ssize_t zero_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	return iov_zero(it, it->left);
}

static ssize_t full_write(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	return it->left ? -ENOSPC : 0;
}

static ssize_t random_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	ssize_t done = 0, n;
	uint8_t buf[256];

	while (it->left) {
		random_bytes(buf, MIN(sizeof(buf), it->left));
		n = iov_copy_out(it, buf, sizeof(buf));
		if (n <= 0)
			return done ? done : n;
		done += n;
	}
	return done;
}

static int64_t chrdev_seek(struct file *f, int64_t off, int whence)
{
	return 0;
}

static const struct file_ops null_ops = {
	.kind = "null", .read = null_read, .write = null_write, .seek = chrdev_seek,
};
static const struct file_ops zero_ops = {
	.kind = "zero", .read = zero_read, .write = null_write, .seek = chrdev_seek,
};
static const struct file_ops full_ops = {
	.kind = "full", .read = zero_read, .write = full_write, .seek = chrdev_seek,
};
static const struct file_ops random_ops = {
	.kind = "random", .read = random_read, .write = null_write, .seek = chrdev_seek,
};

int chrdev_open(uint64_t rdev, struct file *f)
{
	switch (rdev) {
	case MKDEV(1, 3): f->ops = &null_ops; return 0;
	case MKDEV(1, 5): f->ops = &zero_ops; return 0;
	case MKDEV(1, 7): f->ops = &full_ops; return 0;
	case MKDEV(1, 8):
	case MKDEV(1, 9): f->ops = &random_ops; return 0;
	case MKDEV(5, 0):
		if (!console_is_tty(0) && !console_is_tty(1))
			return -ENXIO;
		// fallthrough
	case MKDEV(5, 1):
		f->ops = &console_file_ops;
		f->data = (void *)(uintptr_t)(console_is_tty(0) ? 0 : 1);
		return 0;
	default:
		return -ENXIO;
	}
}
