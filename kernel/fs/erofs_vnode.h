// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the two kinds of root share: EROFS inodes as stat, bytes and pages.
#ifndef FS_EROFS_VNODE_H
#define FS_EROFS_VNODE_H

#include <fs/erofs.h>
#include <fs/vnode.h>

void erofs_stat(const struct erofs_inode *ino, struct kstat *st);
// Reads [off, end) of the file, end <= its size.
ssize_t erofs_read(const struct erofs *fs, const struct erofs_inode *ino, struct iov_iter *it,
		   uint64_t off, uint64_t end);
ssize_t erofs_readlink(const struct erofs *fs, const struct erofs_inode *ino, char *buf,
		       size_t size);
// The page at off: 0 if *pa is in the image, 1 if it is a frame of the caller's (a copy), else a
// negative errno.
int erofs_page(const struct erofs *fs, const struct erofs_inode *ino, uint64_t off, paddr_t *pa);
int erofs_root(const struct erofs *fs, struct vnode **root); // read-only

#endif
