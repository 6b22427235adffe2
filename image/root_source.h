// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A root that came whole (image/source.h), made ready to be an image.
#ifndef IMAGE_ROOT_SOURCE_H
#define IMAGE_ROOT_SOURCE_H

#include <image/root.h>
#include <image/source.h>

// Reads spec->source, finds and checks its program, and adds the user's files. What a container
// image says goes into the spec, where the user has not said otherwise. *program is mapped, and `s`
// must live as long as the root. 0 or a negative errno with *why.
int root_from_source(struct root *r, struct source *s, struct spec *spec, struct subject *subject,
		     struct program *program, const char *work, struct failure *why);

// Ports that a container image exposes: said in the manifest, not published.
int root_expose(const struct source *s, struct spec *spec, struct failure *why);

#endif
