// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Seals of memfds, for who maps them and for fcntl. Linked where memfd_create can be called.
#ifndef FS_MEMFD_H
#define FS_MEMFD_H

#include <fs/file.h>
#include <fs/vnode.h>

// May it be mapped so? 0 or -EPERM. A shared mapping of what is sealed against writing gets
// MAP_DENYWRITE (mm/mm.h).
__attribute__((weak)) int memfd_map(const struct vnode *v, unsigned prot, unsigned long *flags);
// F_ADD_SEALS of a file that is open for writing: 0, -EINVAL (unknown seals, no memfd), -EPERM
// (sealed against it), -EBUSY (mapped writable). F_GET_SEALS: the seals, or -EINVAL.
__attribute__((weak)) long memfd_add_seals(struct file *f, unsigned seals);
__attribute__((weak)) long memfd_get_seals(const struct file *f);

#endif
