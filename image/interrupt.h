// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Signals that end a build from outside. They are blocked during the build and looked for at its
// steps, so that nothing is left behind.
#ifndef IMAGE_INTERRUPT_H
#define IMAGE_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

void build_signals(sigset_t *set); // which; the caller blocks them
bool build_interrupted(void);	   // has one of them come?

#endif
