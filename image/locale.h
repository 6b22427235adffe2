// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The locale that the environment of an image names: LANG, LC_*.
#ifndef IMAGE_LOCALE_H
#define IMAGE_LOCALE_H

#include <image/gather.h>
#include <image/spec.h>

// Brings it from this host, for programs of glibc. One that is not here is noted. 0 or a negative
// errno with *why.
int locale_put(struct gather *g, const struct spec *spec, struct failure *why);

#endif
