// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Named networks, on the disk: a folder for each in `nets` of the state directory, made by its
// first member and removed by its last. In it each member has one file, NUMBER.NAME: the socket on
// which its monitor listens. It is the claim of the member's number, which its addresses follow
// from (monitor/dev/frame.h), and of its name. Nobody listens any more on that of a monitor that
// was killed: whoever comes next removes it.
//
// Whoever joins holds a flock on the folder meanwhile, so members see each other come one by one.
#ifndef HOST_NETWORK_H
#define HOST_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include <host/failure.h>
#include <host/state.h>

#define NETWORK_NAME_MAX 63 // a label of DNS, as members' names are
#define NETWORK_FIRST 4     // numbers of members; those below are the gateway's
#define NETWORK_LAST 254

struct network {
	char name[NETWORK_NAME_MAX + 1];
	char file[NETWORK_NAME_MAX + 5]; // NUMBER.NAME
	uint8_t number;
	int all_fd;    // nets. -1: not open, as the others
	int dir_fd;    // the network's folder
	int listen_fd; // SOCK_SEQPACKET, does not block
};

// Letters, digits, - and _, a letter or digit first; not `none`, `user` or `tap` in any case.
bool network_name_ok(const char *name);
// The same for a member, whose name may be one of those three.
bool network_member_ok(const char *name);

// Joins: finds a free number (the same for the same name, if it is free), and connects to each
// living member: met() gets the connection, which does not block, and owns it; it gives 0 or a
// negative errno. Gives 0, or a negative errno with *why: -EEXIST: the name is taken; -ENOSPC: no
// number is free.
int network_join(struct network *n, const char *network, const char *member,
		 int (*met)(void *arg, uint8_t number, const char *name, int fd), void *arg,
		 struct failure *why);

// The member's file goes, and the network if it was the last. Works by descriptors alone.
void network_leave(struct network *n);

// The same for the member of a monitor that was killed.
void network_forget(const char *network, const char *member);

#endif
