// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The guest's frames between QEMU (datagrams of a socket, one a frame) and the network that this
// process serves, which has rings (monitor/dev/netdev.h) as for any other guest.
#ifndef MONITOR_QEMU_FRAMES_H
#define MONITOR_QEMU_FRAMES_H

#include <stdbool.h>

#include <loader/load.h>
#include <pith/net_header.h>
#include <pith/ring.h>

struct qemu_frames {
	int fd;                  // -1: none
	bool checksums;          // what the guest is to receive may have none yet
	void *memory;            // of both rings
	struct ring_end tx, rx;  // our ends: what the guest has sent, what it is to receive
};

// Makes the rings. 0 or a negative errno.
int frames_open(struct qemu_frames *f, int fd, struct load_ring *rx, struct load_ring *tx);
void frames_close(struct qemu_frames *f);

bool frames_receive(struct qemu_frames *f); // from QEMU. True: there was something
bool frames_send(struct qemu_frames *f);    // to QEMU. False: it takes no more for now

#endif
