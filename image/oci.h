// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Container images: what an archive or folder holds becomes a root file system and a configuration.
#ifndef IMAGE_OCI_H
#define IMAGE_OCI_H

#include <image/container.h>
#include <image/untar.h>

// All that return int give 0 or a negative errno with *why.
//
// What is unpacked to where, and what was found.
struct oci {
	const struct tree *from; // the archive or folder, unpacked
	const char *tag;	 // which of several images, or NULL
	struct untar *to;	 // its tree gets the layers
	struct container config;
};

// An OCI image layout (image-layout.md). 0 or a negative errno with *why.
int oci_load(struct oci *o, struct failure *why);
// What `docker save` and `skopeo copy docker-archive:` write: manifest.json.
int docker_load(struct oci *o, struct failure *why);

// Layer `i` of `count`, which is in a node. packed: its digest, or NULL.
int layer_load(struct oci *o, const struct node *n, const char *path, size_t i, size_t count,
	       const struct digest *packed, struct failure *why);
// The file at a path of o->from; `what` it should be.
int image_file(const struct oci *o, const char *path, const char *what, struct node **out,
	       struct failure *why);

#endif
