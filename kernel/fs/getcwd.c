// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The path of a directory: from its parents, by finding in each the entry with the child's inode
// number. On a volume the host may list other numbers than stat() gives (overlayfs does); then each
// directory in the parent is looked up until it is the child. The last answer is kept, because programs ask again and again for the same; whoever
// renames directories calls vnode_path_forget().
#include <fs/vnode.h>
#include <fs/abi.h>
#include <linux/process.h>
#include <mm/mm.h>

#define DT_UNKNOWN 0 // dirent.h
#define DT_DIR 4

static struct {
	struct vnode *dir;
	char *path;
} last;

void vnode_path_forget(void)
{
	vnode_put(last.dir);
	last.dir = NULL;
}

struct name_sink {
	struct dir_sink sink;
	uint64_t ino;
	char *end;  // where the name is to end
	char *begin;
	size_t room;
	int result;
};

static void name_put(struct name_sink *n, const char *name, size_t len)
{
	n->result = -ERANGE;
	if (len + 1 <= n->room) {
		n->begin = n->end - len;
		memcpy(n->begin, name, len);
		*--n->begin = '/';
		n->result = 0;
	}
}

static bool name_emit(struct dir_sink *s, const char *name, size_t len, uint64_t ino,
		      unsigned dtype, uint64_t next_off)
{
	struct name_sink *n = container_of(s, struct name_sink, sink);

	if (ino != n->ino || (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'))))
		return true;
	name_put(n, name, len);
	return false;
}

// One entry at a time, since a directory is not to be searched while it is being read.
struct one_entry {
	struct dir_sink sink;
	char name[256];
	size_t len;
	uint64_t next_off;
};

static bool one_emit(struct dir_sink *s, const char *name, size_t len, uint64_t ino,
		     unsigned dtype, uint64_t next_off)
{
	struct one_entry *e = container_of(s, struct one_entry, sink);

	if (e->next_off)
		return false;
	e->next_off = next_off;
	e->len = 0;
	if ((dtype == DT_DIR || dtype == DT_UNKNOWN) && len < sizeof(e->name) &&
	    !(name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.')))) {
		memcpy(e->name, name, len);
		e->len = len;
	}
	return true;
}

static int name_by_lookup(struct vnode *dir, struct vnode *parent, struct name_sink *n)
{
	struct one_entry e = { .sink.emit = one_emit };
	struct vnode *found;
	uint64_t off = 0;
	int r;

	for (;;) {
		e.next_off = 0;
		r = parent->ops->readdir(parent, &off, &e.sink);
		if (r || !e.next_off)
			return r ? r : -ENOENT;
		off = e.next_off;
		if (!e.len || parent->ops->lookup(parent, e.name, e.len, &found))
			continue;
		vnode_put(found);
		if (found == dir) {
			name_put(n, e.name, e.len);
			return n->result;
		}
	}
}

// Writes "/name" of dir so that it ends at `end`. Gives where it begins.
static int name_before(struct vnode *dir, struct vnode *parent, char *low, char **end)
{
	struct name_sink n = {
		.sink.emit = name_emit, .end = *end, .room = (size_t)(*end - low), .result = -ENOENT
	};
	struct kstat st;
	uint64_t off = 0;
	int r;

	if (dir->parent && dir->parent->mounted == dir)
		dir = dir->parent;
	r = vnode_stat(dir, &st);
	if (r || !parent->ops->readdir)
		return r ? r : -ENOENT;
	n.ino = st.ino;
	r = parent->ops->readdir(parent, &off, &n.sink);
	if (!r)
		r = n.result;
	if (r == -ENOENT)
		r = name_by_lookup(dir, parent, &n);
	if (!r)
		*end = n.begin;
	return r;
}

// The path into [buf, buf + PATH_MAX), right-aligned; gives where it begins in *begin.
static int path_build(struct vnode *dir, char *buf, char **begin)
{
	struct vnode *root = current_process()->root, *parent;
	char *end = buf + PATH_MAX;
	int r = 0;

	*--end = 0;
	vnode_get(dir);
	while (!r && dir != root) {
		parent = vnode_parent(dir);
		if (parent == dir)
			r = -ENOENT;
		else
			r = name_before(dir, parent, buf, &end);
		vnode_put(dir);
		dir = parent;
	}
	vnode_put(dir);
	if (!*end)
		*--end = '/';
	*begin = end;
	return r;
}

ssize_t vnode_path(struct vnode *dir, char *buf, size_t size)
{
	char *tmp, *begin;
	size_t len;
	int r = 0;

	if (last.dir != dir) {
		tmp = path_buf_get();
		if (!tmp)
			return -ENOMEM;
		r = path_build(dir, tmp, &begin);
		if (!r) {
			vnode_path_forget();
			kfree(last.path);
			len = strlen(begin) + 1;
			last.path = kmalloc(len);
			if (last.path) {
				memcpy(last.path, begin, len);
				last.dir = vnode_get(dir);
			} else {
				r = -ENOMEM;
			}
		}
		path_buf_put(tmp);
		if (r)
			return r;
	}
	len = strlen(last.path);
	if (len + 1 > size)
		return -ERANGE;
	memcpy(buf, last.path, len + 1);
	return (ssize_t)len;
}
