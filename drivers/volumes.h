// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes that the guest serves itself, because no monitor of ours is outside: the pc platform's.
// Each has a server, a 9p device (drivers/p9) or a file system on a disk (kernel/fs/ext4), which
// answers the requests of include/pith/volume.h. This is the front of all of them: the platform's
// volume() gives it each request, and it gives it to the server whose volume that is.
//
// A server sees node numbers of its own: 1 is its root, 0 is none, up to VOLUME_NODE_MAX.
//
// The request is the library OS's own, so there is no wall here, but what the contract says that
// the answerer checks is checked here once, and no server does it again: version, operation, flags,
// names (one component, with its length), offsets and lengths, that data is RAM, that `other` is of
// the same volume, that a read-only volume is not changed. Servers check the rest: that a node is
// there (-ESTALE) and of the right type, and that it is open (-EBADF).
#ifndef DRIVERS_VOLUMES_H
#define DRIVERS_VOLUMES_H

#include <stdbool.h>
#include <stdint.h>

#include <pith/boot.h>
#include <pith/volume.h>

#define VOLUME_NODE_MAX ((1u << 27) - 1)

struct volume_server {
	// Does what *r says and gives what r->result will be; answers go into *r. data: r->len
	// bytes at r->data, for operations that have any; else NULL. found, found2 and end are 0
	// before; end is asked for only with VOLUME_F_APPEND. VOLUME_FORGET never comes here, and
	// VOLUME_F_LATER only to who says `later`: others answer at once.
	int64_t (*serve)(struct volume_server *s, struct volume_request *r, uint8_t *data);
	// Nobody knows the node any more. Never the root.
	void (*forget)(struct volume_server *s, uint32_t node);
	bool later;
};

// Serves *r, which is not shared with anybody; servers[i] is volume i's, or NULL. What is to be
// forgotten is not looked at.
void volumes_serve(const struct boot_block *boot, struct volume_server *const servers[],
		   struct volume_request *r);
void volumes_forget(const struct boot_block *boot, struct volume_server *const servers[],
		    uint32_t node);
// Serves the request in boot->volumes, all of it.
void volumes_answer(const struct boot_block *boot, struct volume_server *const servers[]);

#endif
