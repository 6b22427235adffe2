// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Runs a tool of the system (ld) and says clearly when it is not there or fails.
#ifndef IMAGE_COMMAND_H
#define IMAGE_COMMAND_H

#include <host/failure.h>

// argv ends with NULL; package is what to install if argv[0] is missing. What the tool prints is
// shown only if it fails.
int command_run(char *const argv[], const char *package, struct failure *why);

#endif
