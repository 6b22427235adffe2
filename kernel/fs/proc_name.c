// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The path by which /proc/self/fd shows a file: as it was opened, made absolute.
#include <fs/abi.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <mm/mm.h>

char *procfs_file_name(struct vnode *at, const char *path)
{
	size_t len = strlen(path), dir_len = 0;
	char *dir = NULL, *name;
	ssize_t n = 0;

	if (*path != '/') {
		dir = path_buf_get();
		n = dir ? vnode_path(at ? at : current_process()->cwd, dir, PATH_MAX) : 0;
		dir_len = n > 0 ? (size_t)n : 0;
		if (dir_len && dir[dir_len - 1] != '/')
			dir[dir_len++] = '/';
	}
	name = kmalloc(dir_len + len + 1);
	if (name && dir_len)
		memcpy(name, dir, dir_len);
	if (name)
		memcpy(name + dir_len, path, len + 1);
	if (dir)
		path_buf_put(dir);
	return name;
}
