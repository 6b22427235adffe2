// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The door for requests of the guest: each is copied, then everything in it is checked against what
// its operation needs, then it is done. Nothing is read from the guest's copy twice.
#include <monitor/dev/volume_op.h>

#include <errno.h>
#include <string.h>

enum need {
	DIRECTORY = 0x1, // node is one
	OPEN = 0x2,      // node has been opened
	WRITABLE = 0x4,  // for writing
	NAME = 0x8,
	OTHER = 0x10,    // other is a node of the same volume
	NAME2 = 0x20,    // other is a directory, and there is a second name
	DATA = 0x40,     // data and len are guest memory
	CHANGES = 0x80,  // the volume
};

static const struct {
	int64_t (*act)(struct volume_call *c);
	uint32_t flags; // those that it knows
	unsigned needs;
} ops[VOLUME_OPS] = {
	[VOLUME_LOOKUP] = { volume_lookup, 0, DIRECTORY | NAME },
	[VOLUME_CREATE] = { volume_create, 0, DIRECTORY | NAME | CHANGES },
	[VOLUME_LINK] = { volume_link, 0, DIRECTORY | NAME | OTHER | CHANGES },
	[VOLUME_UNLINK] = { volume_unlink, VOLUME_F_DIRECTORY, DIRECTORY | NAME | CHANGES },
	[VOLUME_RENAME] = { volume_rename, VOLUME_F_NOREPLACE | VOLUME_F_EXCHANGE,
			    DIRECTORY | NAME | OTHER | NAME2 | CHANGES },
	[VOLUME_READDIR] = { volume_readdir, 0, DIRECTORY | OPEN | DATA },
	[VOLUME_READLINK] = { volume_readlink, 0, DATA },
	[VOLUME_GETATTR] = { volume_getattr, 0, 0 },
	[VOLUME_SETATTR] = { volume_setattr,
			     VOLUME_F_SET_MODE | VOLUME_F_SET_SIZE | VOLUME_F_SET_ATIME |
				     VOLUME_F_SET_MTIME, CHANGES },
	[VOLUME_OPEN] = { volume_open, VOLUME_F_WRITE, 0 },
	[VOLUME_READ] = { volume_read, 0, OPEN | DATA },
	[VOLUME_WRITE] = { volume_write, VOLUME_F_APPEND | VOLUME_F_SYNC | VOLUME_F_DSYNC,
			   OPEN | WRITABLE | DATA | CHANGES },
	[VOLUME_SEEK] = { volume_seek, 0, OPEN },
	[VOLUME_ALLOCATE] = { volume_allocate, 0, OPEN | WRITABLE | CHANGES },
	[VOLUME_FSYNC] = { volume_fsync, VOLUME_F_DATA | VOLUME_F_LATER, OPEN },
	[VOLUME_SYNCFS] = { volume_syncfs, VOLUME_F_LATER, OPEN },
	[VOLUME_STATFS] = { volume_statfs, 0, 0 },
};

// A name is one component. Gives it with a NUL.
static int take_name(char to[VOLUME_NAME_MAX + 1], const char *from, size_t len)
{
	if (!len)
		return -EINVAL;
	if (len > VOLUME_NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(to, from, len);
	to[len] = 0;
	if (strlen(to) != len || strchr(to, '/') || !strcmp(to, ".") || !strcmp(to, ".."))
		return -EINVAL;
	return 0;
}

static int check_nodes(struct volume_call *c, unsigned needs)
{
	c->node = node_get(c->v, c->rq.node);
	if (!c->node)
		return -ESTALE;
	if ((needs & DIRECTORY) && c->node->type != S_IFDIR)
		return -ENOTDIR;
	if ((needs & OPEN) && c->node->access == NODE_PATH)
		return -EBADF;
	if ((needs & WRITABLE) && c->node->access != NODE_WRITE &&
	    c->node->access != NODE_WRITE_ONLY)
		return -EBADF;
	if ((needs & CHANGES) && c->v->at[c->node->volume].readonly)
		return -EROFS;
	if (!(needs & OTHER))
		return 0;
	c->other = node_get(c->v, c->rq.other);
	if (!c->other)
		return -ESTALE;
	if (c->other->volume != c->node->volume)
		return -EXDEV;
	return (needs & NAME2) && c->other->type != S_IFDIR ? -ENOTDIR : 0;
}

static int check(struct volume_call *c, unsigned needs, const struct gpa_space *ram)
{
	int r = check_nodes(c, needs);

	if (!r && (needs & NAME))
		r = take_name(c->name, c->rq.name, c->rq.name_len);
	if (!r && (needs & NAME2))
		r = take_name(c->name2, c->rq.name2, c->rq.name2_len);
	if (r)
		return r;
	// A position in a directory is not a count of bytes: its file system may use all of it.
	if (c->rq.off > INT64_MAX ||
	    (c->rq.op != VOLUME_READDIR && c->rq.len > INT64_MAX - c->rq.off))
		return -EINVAL;
	if ((needs & DATA) || (c->rq.op == VOLUME_CREATE && S_ISLNK(c->rq.mode))) {
		c->data = c->rq.len <= VOLUME_DATA_MAX ?
				  gpa_pointer(ram, (struct gpa){ c->rq.data }, c->rq.len) : NULL;
		if (!c->data)
			return -EFAULT;
	}
	return 0;
}

static int64_t serve(struct volume_call *c, const struct gpa_space *ram)
{
	uint32_t op = c->rq.op;
	int r;

	if (c->rq.version != VOLUME_VERSION || op >= VOLUME_OPS)
		return -ENOSYS;
	if (c->rq.forget_count > VOLUME_FORGET_MAX)
		return -EINVAL;
	for (uint32_t i = 0; i < c->rq.forget_count; i++)
		node_forget(c->v, c->rq.forget[i]);
	if (op == VOLUME_FORGET)
		return 0;
	if (c->rq.flags & ~ops[op].flags)
		return -EINVAL;
	r = check(c, ops[op].needs, ram);
	return r ? r : ops[op].act(c);
}

void volumes_serve(struct volumes *v, const struct gpa_space *ram, struct volume_request *shared)
{
	struct volume_call c = { .v = v };

	memcpy(&c.rq, shared, offsetof(struct volume_request, later));
	c.rq.found = c.rq.found2 = 0;
	c.rq.end = 0;
	c.rq.result = serve(&c, ram);
	memcpy((char *)shared + offsetof(struct volume_request, attr), &c.rq.attr,
	       offsetof(struct volume_request, later) - offsetof(struct volume_request, attr));
}
