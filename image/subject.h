// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the user calls the program: a path, a name to be found like a shell does, or a script.
#ifndef IMAGE_SUBJECT_H
#define IMAGE_SUBJECT_H

#include <image/spec.h>

// Where things are; paths of the host are absolute, with the links that lead there.
struct subject {
	char *program; // host path of the program that runs
	char *guest;   // and its path in the image
	char *script;  // host path of a script that it runs, or NULL
	char *guest_script;
	struct strings args; // for the program: of the script's first line, and its path
};

// Finds spec->program. Where it goes in the image:
// - below /usr, /bin, /sbin, /lib: the same path, as it may look for its files from there;
// - in a folder that the user brings (--dir, --file): in that folder;
// - else /NAME, so that it makes no difference where it was built.
// 0 or a negative errno with *why.
int subject_find(struct subject *s, const struct spec *spec, struct failure *why);
void subject_free(struct subject *s);

#endif
