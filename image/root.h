// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The root file system of an image: gathered in a tree, written as an EROFS.
#ifndef IMAGE_ROOT_H
#define IMAGE_ROOT_H

#include <stdbool.h>
#include <stdint.h>

#include <host/failure.h>
#include <image/spec.h>

// Gathers the program (as guest_program) and the files, and writes work/root.erofs. `etc`: the
// program can open files, so it gets the few in /etc that C libraries look for, where the user gave
// none. 0 or a negative errno with *why.
int root_make(const struct spec *spec, const char *guest_program, bool etc, const char *work,
	      struct failure *why);

#endif
