// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where a whole root file system comes from, if it is not gathered around a program: a root
// directory, a tar, or a container image as an OCI layout (a folder or a tar of it) or a `docker
// save` archive.
#ifndef IMAGE_SOURCE_H
#define IMAGE_SOURCE_H

#include <image/container.h>
#include <image/spec.h>
#include <image/untar.h>

struct source {
	struct tree *tree; // the root file system
	bool is_image;	   // and not a plain root: `config` says what to run
	struct container config;
	struct spool spool;  // has the contents of the tree's files
	struct tree *outer;  // has contents too: must live as long
	struct untar unpack; // what was left out
};

// Reads spec->source; temporary files go to `work`. 0 or a negative errno with *why. source_close()
// is due in any case; the tree may be taken out before.
int source_open(struct source *s, const struct spec *spec, const char *work, struct failure *why);
void source_close(struct source *s);

#endif
