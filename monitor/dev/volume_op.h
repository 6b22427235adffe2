// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between the door (volume.c), which checks a request, and the operations, which do it.
#ifndef MONITOR_DEV_VOLUME_OP_H
#define MONITOR_DEV_VOLUME_OP_H

#include <monitor/dev/volume_node.h>

// A request that has been copied and checked: what the operation needs is there and of the right
// kind (the table in volume.c), and a volume that would be changed may be.
struct volume_call {
	struct volumes *v;
	struct volume_request rq;   // the answer goes here as well
	struct node *node, *other;
	void *data;                 // rq.len bytes of guest memory, or NULL
	char name[VOLUME_NAME_MAX + 1], name2[VOLUME_NAME_MAX + 1];
};

// They give what rq.result will be.
int64_t volume_lookup(struct volume_call *c);     // volume_name.c
int64_t volume_create(struct volume_call *c);
int64_t volume_link(struct volume_call *c);
int64_t volume_unlink(struct volume_call *c);
int64_t volume_rename(struct volume_call *c);
int64_t volume_readdir(struct volume_call *c);
int64_t volume_readlink(struct volume_call *c);
int64_t volume_getattr(struct volume_call *c);    // volume_file.c
int64_t volume_setattr(struct volume_call *c);
int64_t volume_open(struct volume_call *c);
int64_t volume_read(struct volume_call *c);
int64_t volume_write(struct volume_call *c);
int64_t volume_seek(struct volume_call *c);
int64_t volume_allocate(struct volume_call *c);
int64_t volume_fsync(struct volume_call *c);
int64_t volume_syncfs(struct volume_call *c);
int64_t volume_statfs(struct volume_call *c);

// Has a sync done by the worker, with a descriptor of its own. False: it cannot be.
bool volume_later(struct volumes *v, const struct node *n, uint32_t slot, int (*sync)(int fd));

void volume_attr_fill(const struct volumes *v, struct volume_attr *to, const struct statx *from);

#endif
