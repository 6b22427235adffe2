// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Path look-up. One loop over components; the text of a symbolic link replaces the part of the path
// that has been walked, in a buffer of its own that lives as long as the struct lookup, because
// `name` points into it. Not more than 40 links, as Linux.
#include <fs/vnode.h>
#include <fs/abi.h>
#include <linux/process.h>
#include <mm/mm.h>

#define LINKS_MAX 40

static char *spare; // one buffer is kept: almost every path needs just one

char *path_buf_get(void)
{
	char *buf = spare;

	spare = NULL;
	return buf ? buf : kmalloc(PATH_MAX);
}

void path_buf_put(char *buf)
{
	if (!spare)
		spare = buf;
	else
		kfree(buf);
}

void lookup_put(struct lookup *l)
{
	vnode_put(l->vnode);
	vnode_put(l->dir);
	if (l->buf)
		path_buf_put(l->buf);
}

static int limit(unsigned flags, enum lookup_move move, const struct vnode *from,
		 const struct vnode *to)
{
	return lookup_allowed && (flags & LOOKUP_LIMITS) ? lookup_allowed(flags, move, from, to) : 0;
}

static int component(struct vnode *dir, const char *name, size_t len, unsigned flags,
		     struct vnode *root, struct vnode **out)
{
	int r;

	if (len == 1 && name[0] == '.') {
		*out = vnode_get(dir);
		return 0;
	}
	if (len == 2 && name[0] == '.' && name[1] == '.') {
		r = dir == root ? limit(flags, MOVE_UP, dir, dir) : 0;
		if (!r)
			*out = dir == root || dir == current_process()->root ? vnode_get(dir) :
									       vnode_parent(dir);
		return r;
	}
	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	r = dir->ops->lookup(dir, name, len, out);
	if (r)
		return r;
	while ((*out)->mounted) {
		struct vnode *over = *out;

		*out = vnode_get(over->mounted);
		vnode_put(over);
	}
	return 0;
}

// Puts the text of `link`, then `rest`, into a new buffer, which takes the place of l->buf.
static int expand_link(struct lookup *l, struct vnode *link, const char *rest)
{
	size_t rest_len = strlen(rest);
	char *buf = path_buf_get();
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	n = link->ops->readlink(link, buf, PATH_MAX);
	if (n == 0)
		n = -ENOENT;
	if (n > 0 && (size_t)n + rest_len + 2 > PATH_MAX)
		n = -ENAMETOOLONG;
	if (n < 0) {
		path_buf_put(buf);
		return (int)n;
	}
	memcpy(buf + n, rest, rest_len + 1);
	if (l->buf)
		path_buf_put(l->buf);
	l->buf = buf;
	return 0;
}

static bool is_dots(const char *name, size_t len)
{
	return name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'));
}

// Goes one component on from *dir; *p is at its first character. Gives 1 when the path is at its
// end and out is filled in.
static int walk_step(struct vnode **dir, const char **p, unsigned flags, unsigned *links,
		     struct lookup *out)
{
	const char *name = *p, *end = name, *rest;
	struct vnode *next = NULL;
	bool last, follow;
	int r;

	while (*end && *end != '/')
		end++;
	for (rest = end; *rest == '/';)
		rest++;
	last = !*rest;
	out->trailing_slash = last && rest > end;
	follow = !last || (out->trailing_slash ? !(flags & LOOKUP_PARENT) : flags & LOOKUP_FOLLOW);
	if (!S_ISDIR((*dir)->mode))
		return -ENOTDIR;
	r = vnode_access(*dir, 1, false);
	if (!r)
		r = component(*dir, name, (size_t)(end - name), flags, out->root, &next);
	if (r && !(r == -ENOENT && last && (flags & LOOKUP_PARENT)))
		return r;
	if (next && follow && S_ISLNK(next->mode)) {
		struct vnode *link = next;

		r = ++*links > LINKS_MAX ?
			    -ELOOP :
			    limit(flags, link->ops->follow ? MOVE_MAGIC : MOVE_LINK, NULL, NULL);
		if (r)
			;
		else if (link->ops->follow)
			r = link->ops->follow(link, &next);
		else
			r = expand_link(out, link, end);
		vnode_put(link);
		if (r)
			return r;
		if (next == link) {
			*p = out->buf;
			return 0;
		}
	}
	r = next ? limit(flags, MOVE_TO, *dir, next) : 0;
	if (r) {
		vnode_put(next);
		return r;
	}
	if (!last) {
		vnode_put(*dir);
		*dir = next;
		*p = rest;
		return 0;
	}
	out->vnode = next;
	out->name = name;
	out->len = (size_t)(end - name);
	out->dots = is_dots(name, out->len);
	return 1;
}

int path_lookup(struct vnode *at, const char *path, unsigned flags, struct lookup *out)
{
	struct process *proc = current_process();
	struct vnode *dir = vnode_get(at ? at : proc->cwd);
	unsigned links = 0;
	int r = 0;

	memset(out, 0, sizeof(*out));
	out->root = flags & LOOKUP_SCOPED ? (at ? at : proc->cwd) : proc->root;
	if (!*path)
		r = -ENOENT;
	while (!r) {
		if (*path == '/') {
			r = limit(flags, links ? MOVE_JUMP : MOVE_START, dir, out->root);
			if (r)
				break;
			vnode_put(dir);
			dir = vnode_get(out->root);
			while (*path == '/')
				path++;
		}
		if (*path) {
			r = walk_step(&dir, &path, flags, &links, out);
			continue;
		}
		out->vnode = vnode_get(dir); // "/" alone
		out->name = path;
		out->dots = true;
		r = 1;
	}
	if (r > 0 && out->vnode && !S_ISDIR(out->vnode->mode) &&
	    ((flags & LOOKUP_DIRECTORY) || (out->trailing_slash && !(flags & LOOKUP_PARENT))))
		r = -ENOTDIR;
	if (r > 0 && (flags & LOOKUP_PARENT)) {
		out->dir = dir;
		return 0;
	}
	vnode_put(dir);
	if (r > 0)
		return 0;
	lookup_put(out);
	return r;
}

int path_vnode(struct vnode *at, const char *path, unsigned flags, struct vnode **out)
{
	struct lookup l;
	int r = path_lookup(at, path, flags, &l);

	if (r)
		return r;
	*out = vnode_get(l.vnode);
	lookup_put(&l);
	return 0;
}
