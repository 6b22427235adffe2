// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /dev: nodes in the root, made at boot where the image has none, and the directories that programs
// expect to be there.
#include <fs/abi.h>
#include <fs/vnode.h>

static const struct node {
	const char *path; // one directory deep at most; directories come before what is in them
	uint32_t mode;
	uint16_t rdev;
	const char *target;
} nodes[] = {
	{ "dev", S_IFDIR | 0755, 0, NULL },
	{ "proc", S_IFDIR | 0555, 0, NULL },
	{ "sys", S_IFDIR | 0555, 0, NULL },
	{ "tmp", S_IFDIR | 01777, 0, NULL },
	{ "dev/shm", S_IFDIR | 01777, 0, NULL },
	{ "dev/null", S_IFCHR | 0666, MKDEV(1, 3), NULL },
	{ "dev/zero", S_IFCHR | 0666, MKDEV(1, 5), NULL },
	{ "dev/full", S_IFCHR | 0666, MKDEV(1, 7), NULL },
	{ "dev/random", S_IFCHR | 0666, MKDEV(1, 8), NULL },
	{ "dev/urandom", S_IFCHR | 0666, MKDEV(1, 9), NULL },
	{ "dev/tty", S_IFCHR | 0666, MKDEV(5, 0), NULL },
	{ "dev/console", S_IFCHR | 0600, MKDEV(5, 1), NULL },
	{ "dev/ptmx", S_IFCHR | 0666, MKDEV(5, 2), NULL },
	{ "dev/fd", S_IFLNK | 0777, 0, "/proc/self/fd" },
	{ "dev/stdin", S_IFLNK | 0777, 0, "/proc/self/fd/0" },
	{ "dev/stdout", S_IFLNK | 0777, 0, "/proc/self/fd/1" },
	{ "dev/stderr", S_IFLNK | 0777, 0, "/proc/self/fd/2" },
};

static int node_make(struct vnode *dir, const char *name, const struct node *n)
{
	struct vnode *v;
	int r = dir->ops->lookup(dir, name, strlen(name), &v);

	if (r == -ENOENT)
		r = dir->ops->create(dir, name, strlen(name), n->mode, n->rdev, n->target, &v);
	if (!r)
		vnode_put(v);
	return r;
}

int devfs_populate(struct vnode *root)
{
	struct vnode *dev = NULL;
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(nodes) && !r; i++) {
		const char *slash = strchr(nodes[i].path, '/');

		r = slash ? node_make(dev, slash + 1, &nodes[i]) :
			    node_make(root, nodes[i].path, &nodes[i]);
		if (!r && !dev)
			r = root->ops->lookup(root, "dev", 3, &dev);
		if (!r && !S_ISDIR(dev->mode))
			r = -ENOTDIR;
	}
	vnode_put(dev);
	if (r)
		klog("/dev cannot be made (%d): is there something else of that name in the image?",
		     r);
	return r;
}
