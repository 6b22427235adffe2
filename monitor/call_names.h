// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names of Linux's system calls.
#ifndef MONITOR_CALL_NAMES_H
#define MONITOR_CALL_NAMES_H

#include <stdint.h>

const char *call_names_get(uint32_t nr); // "?" if it has none

#endif
