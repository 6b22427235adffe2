// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// `pith build`, whole: from a spec to an image.
#ifndef IMAGE_BUILD_H
#define IMAGE_BUILD_H

#include <signal.h>

#include <host/failure.h>
#include <image/spec.h>

// libdir has libkernel.a, calls.list and nucleus.bin. Says on standard output what is in the image,
// unless spec->quiet. Ends with -EINTR, and everything cleaned up, where one of the signals that
// build_signals() gives has come while it was blocked.
int build_image(struct spec *spec, const char *libdir, struct failure *why);

// Signals that end a build from outside. The caller blocks them during the build, so that nothing
// is left behind.
void build_signals(sigset_t *set);
bool build_interrupted(void);

#endif
