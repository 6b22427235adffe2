// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See errnames.c.
#ifndef LINUX_ERRNAMES_H
#define LINUX_ERRNAMES_H

const char *errno_name(int e); // e > 0

#endif
