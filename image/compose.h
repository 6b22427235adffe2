// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Puts an image together and writes it: include/pith/image.h.
#ifndef IMAGE_COMPOSE_H
#define IMAGE_COMPOSE_H

#include <stddef.h>
#include <stdint.h>

#include <host/failure.h>
#include <image/kernel.h>
#include <image/spec.h>
#include <image/tree.h>

struct compose {
	const struct spec *spec;
	const struct kernel *kernel;
	const struct strings *calls;
	const char *guest_program;  // its file, behind all links: /proc/self/exe
	const char *arg0;	    // what it is called; NULL: the same
	const struct strings *args; // before the user's; NULL: none
	const char *name;
	uint32_t flags; // IMAGE_F_*
	enum manifest_net net;
	uint64_t program_len;
	const char *nucleus; // path of nucleus.bin, or NULL
	const char *start, *stage1; // of start.bin and stage1.bin, or NULL: not for pc
	struct tree *root;   // the root file system
};

struct composed {
	uint64_t image_len; // before it is packed
	uint64_t root_len;
};

// Writes to a new file beside `output` and renames it at the end: `output` is whole or untouched. 0
// or a negative errno with *why. The root goes from where it is straight to the file, so its size
// is the disk's affair only.
int compose_image(const struct compose *c, const char *output, struct composed *out,
		  struct failure *why);

#endif
