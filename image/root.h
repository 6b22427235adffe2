// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The root file system of an image: gathered in a tree, written as an EROFS.
#ifndef IMAGE_ROOT_H
#define IMAGE_ROOT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include <image/gather.h>
#include <image/packages.h>
#include <image/program.h>
#include <image/subject.h>

struct root {
	struct gather gather;
	struct packages packages;
	char program[PATH_MAX]; // its path in the image, behind all links
	bool full;              // has more than the program and what the user gave
};

// Gathers what the user gives, the program, its packages, and the libraries of all of them. 0 or a
// negative errno with *why. root_free() is due in any case.
int root_gather(struct root *r, const struct spec *spec, const struct subject *subject,
		const struct program *program, struct failure *why);

// The user's files and folders.
int root_add_files(struct root *r, const struct spec *spec, struct failure *why);

// Adds what every program expects. `opens`: it can open files.
int root_finish(struct root *r, bool opens, struct failure *why);

void root_free(struct root *r);

#endif
