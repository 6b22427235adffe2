// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The boot loader: GRUB as Debian's packages have it, made for one medium with the modules that it
// needs to read the medium and to start an image, and no others.
#ifndef EXPORT_GRUB_H
#define EXPORT_GRUB_H

#include <stddef.h>
#include <stdint.h>

#include <host/failure.h>

#define GRUB_MBR 440 // bytes of code in the first sector

struct grub {
	uint8_t *core;         // for a BIOS: core.img, or what El Torito boots
	size_t core_len;
	uint8_t *efi;          // for UEFI: BOOTX64.EFI
	size_t efi_len;
	uint8_t mbr[GRUB_MBR]; // disks: what loads core
	char *config;          // grub.cfg
};

// For the CD with this label, or, with NULL, for a disk. The command line is what comes behind the
// image's name in grub.cfg (export/words.h). 0 or a negative errno with *why; grub_free() in any
// case.
int grub_make(struct grub *g, const char *cd, const char *command_line, struct failure *why);
void grub_free(struct grub *g);

// Tells core, and the code that loads it, in which sector of the disk core begins.
void grub_place(struct grub *g, uint64_t sector);

// The same on a CD: core begins in this block of 2048 bytes.
void grub_place_cd(struct grub *g, uint32_t block);

#endif
