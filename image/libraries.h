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
	bool opened;              // `by` has it in no list, but in its data
	bool in_image;            // comes by another way: the program, the user's, a package's
	struct program program;
	struct dynamic dynamic;
};

struct want {
	const char *name;
	const struct library *by;
};

struct libraries {
	struct library **at; // owned: the programs, and behind them what they want
	size_t count;
	const struct library *interpreter;
	const struct search *search;
	const char *root;     // in front of host paths that are not of the user's; "" for the host
	const char *preload;  // LD_LIBRARY_PATH in the image, or NULL
	struct want *missing; // what plugins want and is nowhere; see libraries_missing()
	size_t missing_count;
	bool lenient;         // now it goes there, instead of being an error
	// The host's file that the image has under this name already; NULL: none.
	const char *(*given)(const char *guest, void *arg);
	void *arg;
};

// Adds the program that will be at `guest`, its interpreter, and everything that it wants.
int libraries_add_program(struct libraries *l, const char *host, const char *guest,
			  struct failure *why);

// Adds a library that will be at `guest` and everything that it wants; what is there already is not
// added again. 0 or a negative errno with *why: -ENOENT names a library that is nowhere, and who
// wants it.
int libraries_add(struct libraries *l, const char *host, const char *guest, struct failure *why);

// The same for an ELF file that is in the image already and may be opened by the first program, or
// run. What it wants and is not found goes to l->missing; a file that is no program is passed over.
int libraries_add_plugin(struct libraries *l, const char *host, const char *guest,
			 struct failure *why);

// Looks for a library by its name alone, as dlopen() of the first program would, and adds it.
int libraries_add_named(struct libraries *l, const char *name, struct failure *why);

// Adds those that the first program may open, as their names stand in its data, and what these want.
// One that is not found is no error: programs try names of other systems, too.
int libraries_add_opened(struct libraries *l, struct failure *why);

// Is this one of l->missing still so, now that everything is there? A library that is loaded under
// the wanted name does, wherever it is.
bool libraries_lack(const struct libraries *l, const struct want *w);

void libraries_free(struct libraries *l);

#endif
