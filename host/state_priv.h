// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between state.c and state_make.c.
#ifndef HOST_STATE_PRIV_H
#define HOST_STATE_PRIV_H

#include <host/state.h>

bool instance_name_ok(const char *name);
int instance_paths(struct instance *in, const char *name,
		   struct failure *why); // fills name and dir; opens nothing
void state_share(const char *path); // root's, with the group nobody

#endif
