// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The side of output.c that only core and sched use.
#ifndef CORE_OUTPUT_H
#define CORE_OUTPUT_H

#include <core/klib.h>

// Gives the platform the chance to send if output waits and is old, or at a tick. On the way back
// to the program.
void output_push(bool tick);

#endif
