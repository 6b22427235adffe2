// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The libraries that programs want, and that those want: found as the dynamic linker will look for
// them in the image, and copied from where they are on this host.
#ifndef IMAGE_LIBRARIES_H
#define IMAGE_LIBRARIES_H

#include <image/dynamic.h>
#include <image/search.h>

struct library {
	const struct library *by; // who wants it; NULL: the user
	char *host;               // absolute path of the file
	char *guest;              // where the loader will find it
	struct program program;
	struct dynamic dynamic;
};

struct libraries {
	struct library **at; // owned: the programs, and behind them what they want
	size_t count;
	const struct library *interpreter;
	const struct search *search;
	const char *root;     // in front of host paths that are not of the user's; "" for the host
	const char *preload;  // LD_LIBRARY_PATH in the image, or NULL
	// The file that will be in the image under this name by the user's wish; NULL: none.
	const char *(*given)(const char *guest, void *arg);
	void *arg;
};

// Adds the program that will be at `guest`, its interpreter, and everything that it wants.
int libraries_add_program(struct libraries *l, const char *host, const char *guest,
			  struct failure *why);

// Adds a library that will be at `guest` and everything that it wants; what is there already is
// not added again. 0 or a negative errno with *why: -ENOENT names a library that is nowhere, and who
// wants it.
int libraries_add(struct libraries *l, const char *host, const char *guest, struct failure *why);

// Looks for a library by its name alone, as dlopen() of the first program would, and adds it.
int libraries_add_named(struct libraries *l, const char *name, struct failure *why);

void libraries_free(struct libraries *l);

#endif
