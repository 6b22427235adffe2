// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Which system calls a program can make, found by reading its instructions.
#ifndef IMAGE_CALLS_H
#define IMAGE_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include <image/program.h>

#define CALLS_MAX 512

struct call_set {
	bool has[CALLS_MAX];
	bool all;             // every call may be made
	const char *all_as;   // why, where that is known without reading; NULL: see unknown_at
	bool inet, unix_, netlink; // families of sockets that it can ask for
	uint64_t unknown_at;  // address of a `syscall` whose number cannot be known
	char unknown_in[96];  // the function it is in, if it has a name
	unsigned sites;       // `syscall` instructions
};

// Adds the calls of one program (or library) to the set. 0 or a negative errno with *why.
int calls_find(struct call_set *set, const struct program *p, struct failure *why);

// Names of Linux x86-64 system calls (asm/unistd_64.h). NULL or -1: there is none.
const char *call_name(unsigned nr);
int call_number(const char *name);

#endif
