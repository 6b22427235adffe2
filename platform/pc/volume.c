// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes: for images whose programs make the calls that need them.
#include <platform/pc/pc.h>

static void volumes_start(void)
{
	pc_fail("volumes", pc.info->volume[0].name, "are not there yet on pc");
}

static void volumes_serve(void) {}

const struct pc_volumes pc_volumes = { volumes_start, volumes_serve };
