// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// `pith build`, whole: from a spec to an image.
#ifndef IMAGE_BUILD_H
#define IMAGE_BUILD_H

#include <host/failure.h>
#include <image/spec.h>

// libdir has libkernel.a, calls.list and nucleus.bin. Says on standard output what is in the image,
// unless spec->quiet. Ends with -EINTR, and everything cleaned up, where one of the signals that
// build_signals() (image/interrupt.h) gives has come while it was blocked.
int build_image(struct spec *spec, const char *libdir, struct failure *why);

#endif
