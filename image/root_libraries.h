// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#ifndef IMAGE_ROOT_LIBRARIES_H
#define IMAGE_ROOT_LIBRARIES_H

#include <image/gather.h>
#include <image/program.h>
#include <image/spec.h>

// Adds to a root what its dynamic program, which is at `guest` there, wants: the interpreter and
// libraries, those that --lib names, and what the ELF files want that are there already. Only the
// program and --lib must get all of theirs; of the others it is noted what is missing. 0 or a
// negative errno with *why.
int root_libraries(struct gather *g, const struct spec *spec, const struct program *program,
		   const char *guest, struct failure *why);

#endif
