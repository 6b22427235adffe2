// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What a program opens itself (dlopen(3)) is in no list of it, but mostly its name stands in the
// program's data.
#ifndef IMAGE_OPENED_H
#define IMAGE_OPENED_H

#include <image/program.h>

#define OPENED_NAME_MAX 128
#define OPENED_MAX 512

// Calls found() for each string in what is loaded of the program that is the name of a library:
// lib*.so or lib*.so.VERSION, without folders, shorter than OPENED_NAME_MAX, ended by a zero byte.
// `name` is in the program's map. A name that stands there twice comes twice; after OPENED_MAX of
// them, or a value that is not 0, which is returned, no more come.
int opened_each(const struct program *p, int (*found)(const char *name, void *arg), void *arg);

#endif
