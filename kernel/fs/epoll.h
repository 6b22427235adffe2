// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between fs/epoll.c, the set and what is in it, and fs/epoll_wait.c, the calls that wait.
#ifndef FS_EPOLL_H
#define FS_EPOLL_H

#include <fs/file.h>

#define EPOLL_CTL_ADD 1 /* include/uapi/linux/eventpoll.h */
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3

struct epoll_event_user {
	uint32_t events;
	uint64_t data;
} __attribute__((packed));
_Static_assert(sizeof(struct epoll_event_user) == 12, "struct epoll_event of x86-64");

struct epoll {
	struct list items, ready;
	struct wait_queue wait;
};

struct epoll *epoll_of(struct file *f); // NULL: it is something else
// Moves up to max events to the program. Gives how many, or -EFAULT.
int epoll_collect(struct epoll *e, struct epoll_event_user *user, int max);

#endif
