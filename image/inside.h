// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The program of a root file system that came whole: found there, and checked that what it needs is
// there too.
#ifndef IMAGE_INSIDE_H
#define IMAGE_INSIDE_H

#include <limits.h>

#include <image/program.h>
#include <image/spec.h>
#include <image/tree.h>

struct inside {
	char path[PATH_MAX];	// of the program that runs, behind all links
	struct program program; // mapped; program_close() is due
	struct strings argv;	// whole; for a script its interpreter comes first
	size_t script_args;	// how many of argv the script's first line has put in front of it
};

// argv: what is to be run, argv[0] a path or a name to look for in PATH of env; cwd: for relative
// paths. Follows links and scripts inside the tree. 0 or a negative errno with *why: what is
// missing, by name: the program, its interpreter, a library and who wants it.
int inside_find(struct inside *in, const struct tree *t, const struct strings *argv,
		const struct strings *env, const char *cwd, struct failure *why);
void inside_free(struct inside *in);

// Maps the ELF file at a path of the tree. 0, and program_close() is due, or a negative errno with
// *why.
int inside_map(struct program *p, const struct tree *t, const char *path, struct failure *why);

// Everything that the program at in->path wants is in the tree. work: a folder for a moment.
int inside_check(const struct inside *in, const struct tree *t, const struct strings *env,
		 const char *work, struct failure *why);

#endif
