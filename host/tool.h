// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Runs a tool of the system (ld, grub-mkimage) and says clearly when it is not there or fails.
#ifndef HOST_TOOL_H
#define HOST_TOOL_H

#include <host/failure.h>

// argv ends with NULL; package is what to install if argv[0] is missing. What it writes to standard
// output gets into the file `out`; -1: that is shown like what it says otherwise, only if it fails.
// 0 or a negative errno with *why.
int tool_run(const char *const argv[], const char *package, int out, struct failure *why);

#endif
