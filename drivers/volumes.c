// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The door for requests of volumes, as monitor/dev/volume.c is on kvm.
//
// A node's number is its server's and the volume's in one, so nothing has to be kept here: volume
// i's node n is (n - 1) * VOLUME_COUNT_MAX + i + 1, and its root, 1, is i + 1 as it has to be.
#include <drivers/volumes.h>

#include <core/klib.h>
#include <fs/abi.h>

enum need {
	NAME = 0x1,
	OTHER = 0x2,   // other is a node of the same volume
	NAME2 = 0x4,
	DATA = 0x8,
	CHANGES = 0x10, // the volume
};

static const struct {
	uint8_t flags; // those that it knows
	uint8_t needs;
} ops[VOLUME_OPS] = {
	[VOLUME_LOOKUP] = { 0, NAME },
	[VOLUME_CREATE] = { 0, NAME | CHANGES },
	[VOLUME_LINK] = { 0, NAME | OTHER | CHANGES },
	[VOLUME_UNLINK] = { VOLUME_F_DIRECTORY, NAME | CHANGES },
	[VOLUME_RENAME] = { VOLUME_F_NOREPLACE | VOLUME_F_EXCHANGE,
			    NAME | OTHER | NAME2 | CHANGES },
	[VOLUME_READDIR] = { 0, DATA },
	[VOLUME_READLINK] = { 0, DATA },
	[VOLUME_SETATTR] = { VOLUME_F_SET_MODE | VOLUME_F_SET_SIZE | VOLUME_F_SET_ATIME |
				     VOLUME_F_SET_MTIME, CHANGES },
	[VOLUME_OPEN] = { VOLUME_F_WRITE, 0 },
	[VOLUME_READ] = { 0, DATA },
	[VOLUME_WRITE] = { VOLUME_F_APPEND | VOLUME_F_SYNC | VOLUME_F_DSYNC, DATA | CHANGES },
	[VOLUME_ALLOCATE] = { 0, CHANGES },
	[VOLUME_FSYNC] = { VOLUME_F_DATA | VOLUME_F_LATER, 0 },
	[VOLUME_SYNCFS] = { VOLUME_F_LATER, 0 },
};

static int check_name(const char *name, size_t len)
{
	if (len > VOLUME_NAME_MAX)
		return -ENAMETOOLONG;
	if (!len || memchr(name, '/', len) || memchr(name, 0, len) ||
	    (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'))))
		return -EINVAL;
	return 0;
}

static int check(const struct volume_request *r, unsigned needs, bool readonly)
{
	int err = 0;

	if (readonly && ((needs & CHANGES) ||
			 (r->op == VOLUME_OPEN && (r->flags & VOLUME_F_WRITE))))
		return -EROFS;
	if (needs & NAME)
		err = check_name(r->name, r->name_len);
	if (!err && (needs & NAME2))
		err = check_name(r->name2, r->name2_len);
	if (!err && (needs & OTHER) && (r->other - r->node) % VOLUME_COUNT_MAX)
		err = -EXDEV;
	// A position in a directory is the server's own affair.
	if (!err && r->op != VOLUME_READDIR &&
	    (r->off > INT64_MAX || r->len > (uint64_t)INT64_MAX - r->off))
		err = -EINVAL;
	return err;
}

// The data of a request, which is in RAM.
static uint8_t *data_of(const struct boot_block *boot, const struct volume_request *r)
{
	uint64_t at = r->data - boot->ram_pa;

	if (r->len > VOLUME_DATA_MAX || at > boot->ram_len || r->len > boot->ram_len - at)
		return NULL;
	return (uint8_t *)boot->ram_va + at;
}

static uint32_t inner(uint32_t node)
{
	return (node - 1) / VOLUME_COUNT_MAX + 1;
}

static uint32_t outer(uint32_t node, unsigned volume)
{
	return node ? (node - 1) * VOLUME_COUNT_MAX + volume + 1 : 0;
}

// The server's numbers are in the request for as long as it has it.
static int64_t ask(struct volume_server *s, unsigned volume, struct volume_request *r,
		   uint8_t *data)
{
	uint32_t node = r->node, other = r->other;
	int64_t result;

	r->node = inner(node);
	r->other = inner(other);
	result = s->serve(s, r, data);
	r->node = node;
	r->other = other;
	r->found = outer(r->found, volume);
	r->found2 = outer(r->found2, volume);
	return result;
}

static int64_t serve(const struct boot_block *boot, struct volume_server *const servers[],
		     struct volume_request *r)
{
	const struct boot_volumes *v = &boot->volumes;
	unsigned i = (r->node - 1) % VOLUME_COUNT_MAX, needs;
	uint8_t *data = NULL;
	int64_t result;

	if (r->op == VOLUME_FORGET)
		return 0;
	if (r->version != VOLUME_VERSION || r->op >= VOLUME_OPS)
		return -ENOSYS;
	if (!r->node || i >= v->paths.count || !servers[i])
		return -ESTALE;
	needs = ops[r->op].needs;
	result = r->flags & ~(uint32_t)ops[r->op].flags ? -EINVAL :
							   check(r, needs, v->readonly >> i & 1);
	if (result)
		return result;
	if ((needs & DATA) || (r->op == VOLUME_CREATE && S_ISLNK(r->mode))) {
		data = data_of(boot, r);
		if (!data)
			return -EFAULT;
	}
	if ((r->op == VOLUME_FSYNC || r->op == VOLUME_SYNCFS) &&
	    (!servers[i]->later || r->mode >= VOLUME_LATER_MAX))
		r->flags &= ~VOLUME_F_LATER;
	result = ask(servers[i], i, r, data);
	if (r->op == VOLUME_WRITE && result > 0 && !(r->flags & VOLUME_F_APPEND))
		r->end = r->off + (uint64_t)result;
	if (r->op == VOLUME_STATFS)
		r->statfs.flags |= v->readonly >> i & 1; // ST_RDONLY
	return result;
}

void volumes_forget(const struct boot_block *boot, struct volume_server *const servers[],
		    uint32_t node)
{
	unsigned i = (node - 1) % VOLUME_COUNT_MAX;

	if (node > VOLUME_COUNT_MAX && i < boot->volumes.paths.count && servers[i])
		servers[i]->forget(servers[i], inner(node));
}

void volumes_serve(const struct boot_block *boot, struct volume_server *const servers[],
		   struct volume_request *r)
{
	r->found = r->found2 = 0;
	r->end = 0;
	r->result = serve(boot, servers, r);
}

void volumes_answer(const struct boot_block *boot, struct volume_server *const servers[])
{
	struct volume_request *r = (struct volume_request *)boot->volumes.request_va;

	for (uint32_t i = 0; i < MIN(r->forget_count, (uint32_t)VOLUME_FORGET_MAX); i++)
		volumes_forget(boot, servers, r->forget[i]);
	volumes_serve(boot, servers, r);
}
