// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What of a package is worth having in an image.
#ifndef IMAGE_PACKAGE_FILES_H
#define IMAGE_PACKAGE_FILES_H

#include <stdbool.h>

enum worth {
	WORTH_NOTHING, // for people, debuggers, or the host's own administration
	WORTH_LINKING, // what only compilers and linkers read
	WORTH_PROGRAM, // a program among those that users call by name
	WORTH_CONFIG,  // below /etc
	WORTH_FILE,
};

enum worth package_file_worth(const char *path);

// A file in a folder of programs that users call by name.
bool package_file_is_program(const char *path);

// A folder below /etc that packages share, so that what else is in it is not of one of them.
bool package_dir_is_shared(const char *path);

#endif
