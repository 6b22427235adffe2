// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The two kinds of volumes on pc, for platform/pc/volume.c.
#ifndef PC_VOLUME_H
#define PC_VOLUME_H

#include <drivers/volumes.h>
#include <platform/pc/pc.h>

// st_dev of volume 0, the others follow: major 0, as of what is on no disk of its own.
#define PC_VOLUME_DEV 64

// The volume of that name, opened; NULL: there is no such device. Whatever else is wrong ends the
// machine, with a line. `path` is where it goes. `readonly` may become true.
struct volume_server *pc_volume_9p(unsigned volume, const char *name, const char *path);
// Disks are not for every image (IMAGE_F_DISKS).
#pragma weak pc_volume_disk
#pragma weak pc_disks_keep
#pragma weak pc_disks_end
struct volume_server *pc_volume_disk(unsigned volume, const char *name, const char *path,
				     bool *readonly);

// What 9p devices have answered later is handed on. As the functions of struct pc_part.
bool pc_9p_pump(void);
bool pc_9p_arm(void);
void pc_9p_disarm(void);

// What was written to disks long ago goes there for good. Gives the ns until there is more to do,
// UINT64_MAX: nothing.
uint64_t pc_disks_keep(void);
void pc_disks_end(void); // everything goes there, and they are clean

// What devices of volumes are waited for with.
void pc_volume_idle(void);

#endif
