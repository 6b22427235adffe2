// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Waiting for several files at once, for poll and select.
#ifndef FS_POLL_H
#define FS_POLL_H

#include <fs/file.h>

struct poll_item {
	struct waiter w;
	struct file *file;      // NULL: not open, or not asked about
	uint16_t events, ready;
	bool waiting;
};
// Waits until one of the files is ready for what its item asks (ready has it then). Gives how many
// are, 0 at the deadline, or -EINTR. 0 as a deadline: looks only. Puts the files.
int poll_items(struct poll_item *items, unsigned n, uint64_t deadline);
uint32_t poll_file(struct file *f, struct wait_queue **q);

#endif
