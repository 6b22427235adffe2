// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What a container image says about running it (OCI image specification, config.md).
#ifndef IMAGE_CONTAINER_H
#define IMAGE_CONTAINER_H

#include <image/json.h>

struct container {
	struct strings entrypoint, cmd, env;
	struct strings ports;		    // as pith has them: 80, 53/udp
	struct strings diff_ids;	    // digests of the layers, unpacked
	char *workdir, *user, *stop_signal; // "" where it says nothing
};

// Everything is checked: types, and that it is for Linux on x86-64. 0 or a negative errno with
// *why. container_free() is due in any case.
int container_read(struct container *c, const struct json *config, struct failure *why);
void container_free(struct container *c);

#endif
