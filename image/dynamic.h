// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The dynamic section of a program or library (System V ABI, chapter 5: dynamic section): what it
// wants to be loaded with it, and where it says to look.
#ifndef IMAGE_DYNAMIC_H
#define IMAGE_DYNAMIC_H

#include <image/program.h>

// Strings lie in the program's mapping, each ends in it, and none is longer than DYNAMIC_NAME_MAX.
struct dynamic {
	const char *soname;  // NULL: has none
	const char *rpath;   // DT_RPATH, NULL where there is a DT_RUNPATH, as ld.so has it
	const char *runpath; // DT_RUNPATH
	const char **needed; // owned
	size_t needed_count;
	bool no_default;     // DF_1_NODEFLIB: the usual folders are not searched
};

#define DYNAMIC_NAME_MAX 4096

// Reads it out of a program that program_open() has checked. One without a dynamic section gives an
// empty one. 0 or a negative errno with *why: it lies about where its names are.
int dynamic_read(struct dynamic *d, const struct program *p, struct failure *why);
void dynamic_free(struct dynamic *d);

#endif
