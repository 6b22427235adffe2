// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The loader (loader/load.h) as the monitor uses it: for an image that has come through its door,
// with randomness of the host's and messages for its user.
#ifndef MONITOR_LOAD_H
#define MONITOR_LOAD_H

#include <host/failure.h>
#include <loader/load.h>
#include <monitor/image.h>

#define LOAD_RAM_PA (2ul << 20)      // RAM begins here: pa 0 is never memory
#define LOAD_IMAGE_ALIGN (1ul << 30) // the image's pa: the next multiple of this behind RAM

// Fills in of *cfg the image, the pas and the random numbers, and loads. Gives 0 or a negative
// errno with *why (-ENOMEM: too little memory, says how much is needed).
int load_checked_image(const struct image *img, struct load_config *cfg, struct loaded *out,
		       struct failure *why);

#endif
