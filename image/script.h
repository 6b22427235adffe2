// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The first line of a script as execve(2) reads it: `#!`, the interpreter, blanks, and all that
// follows as one argument.
#ifndef IMAGE_SCRIPT_H
#define IMAGE_SCRIPT_H

#include <stdbool.h>

#define SCRIPT_LINE 256 // bytes that are looked at: Linux's BINPRM_BUF_SIZE

// text: the first bytes of a file, at most SCRIPT_LINE, and a NUL behind them. false: it is no
// script. true: *interpreter and *argument point into text, which is cut up; they may be "". Blanks
// and a carriage return at the end of the line are not part of it.
bool script_split(char *text, char **interpreter, char **argument);

// env(1) only looks a program up in PATH, which a builder can do beforehand.
bool script_by_env(const char *interpreter);

#endif
