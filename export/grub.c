// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// GRUB for BIOS finds its configuration in the file system of the disk that it was started from,
// GRUB for UEFI in that of the file that it was started from; on a CD, where the latter is a file
// system of its own, the CD is looked for by its label.
//
// There is no menu and nobody is asked. What goes wrong is said on screen and serial line, then the
// machine is switched off, or, where GRUB cannot do that, stopped.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <export/bytes.h>
#include <export/grub.h>
#include <host/tool.h>
#include <export/read.h>
#include <image/output.h>

#define LIB "/usr/lib/grub/"
#define BIOS_PACKAGES "grub-common grub-pc-bin"
#define EFI_PACKAGES "grub-common grub-efi-amd64-bin"
#define CORE_MAX (4u << 20)
#define MAX_ARGS 32

// Fields of boot.img, GRUB's include/grub/i386/pc/boot.h: GRUB_BOOT_MACHINE_*
#define KERNEL_SECTOR 0x5c
#define DRIVE_CHECK 0x66 // two bytes, NOPs: disbelieve a BIOS whose boot drive is no disk
#define CODE_END 0x1b8
_Static_assert(CODE_END == GRUB_MBR, "Windows' signature and the table of partitions follow");
#define SECTOR 512
// The first list of blocks is at the end of core's first sector: struct grub_pc_bios_boot_blocklist
#define BLOCKLIST (SECTOR - 12)
// CDs: the boot information table that cdboot.img reads (mkisofs(8), -boot-info-table).
#define INFO_TABLE 8
#define INFO_FROM 64 // its sum is over what follows
#define CD_BLOCK 2048
#define CD_DESCRIPTORS 16

#define GIVE_UP "sleep 5\nhalt\n"

// What GRUB does first. There is no `if` here yet. Firmware of UEFI writes to the serial line
// itself where that is a console; a BIOS does not, and GRUB's screen stays in use beside it.
#define SERIAL "serial --unit=0 --speed=115200\nterminal_output --append serial\n"
#define SEARCH "search --no-floppy --label --set=root %s\n" // the CD's label
#define CONTINUE \
	"source /grub.cfg\n" \
	"echo \"pith: GRUB cannot read /grub.cfg on $root; nothing is started\"\n" GIVE_UP

// No entries of a menu: GRUB runs these lines as it reads them.
static const char config[] =
	"# The image and its command line (pith-export(1)); see GRUB's manual for the rest.\n"
	"if multiboot2 /pith.img%s; then boot; fi\n"
	"echo \"pith: GRUB cannot start /pith.img on $root; the lines above say why\"\n"
	GIVE_UP;

static const char *const modules[] = { "multiboot2", "normal", "configfile", "echo", "sleep",
				       "halt", NULL };
static const char *const disk_modules[] = { "part_gpt", "fat", NULL };
static const char *const cd_modules[] = { "iso9660", "search", NULL };
static const char *const bios_modules[] = { "biosdisk", "serial", "terminal", NULL };
// Without a driver GRUB complains that it finds no mode, though nobody asks for one.
static const char *const efi_modules[] = { "efi_gop", NULL };

static size_t add_all(const char *argv[MAX_ARGS], size_t n, const char *const *words)
{
	for (; *words; words++)
		argv[n++] = *words;
	return n;
}

struct kind {
	const char *format, *dir, *packages, *early;
	const char *const *modules; // for this firmware
};
static const struct kind
	bios_disk = { "i386-pc", LIB "i386-pc", BIOS_PACKAGES, SERIAL CONTINUE, bios_modules },
	bios_cd = { "i386-pc-eltorito", LIB "i386-pc", BIOS_PACKAGES, SERIAL SEARCH CONTINUE,
		    bios_modules },
	efi_disk = { "x86_64-efi", LIB "x86_64-efi", EFI_PACKAGES, CONTINUE, efi_modules },
	efi_cd = { "x86_64-efi", LIB "x86_64-efi", EFI_PACKAGES, SEARCH CONTINUE, efi_modules };

// Writes the image to the file `out`.
static int run(const struct kind *kind, const char *prefix, const char *early,
	       const char *const *for_medium, int out, struct failure *why)
{
	int fd = memfd_create("early.cfg", 0), err; // inherited: the tool opens it by this path
	const char *argv[MAX_ARGS] = { 0 };
	char path[32];
	size_t n;

	if (fd < 0)
		return failure_errno(why, -errno, "cannot run grub-mkimage");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = add_all(argv, 0, (const char *const[]){ "grub-mkimage", "-O", kind->format, "-p",
						    prefix, "-c", path, NULL });
	n = add_all(argv, n, kind->modules);
	n = add_all(argv, n, for_medium);
	add_all(argv, n, modules);
	err = output_write(fd, early, strlen(early), 0);
	err = err ? failure_errno(why, err, "cannot run grub-mkimage")
		  : tool_run(argv, kind->packages, out, why);
	close(fd);
	return err;
}

static int make_image(const struct kind *kind, const char *cd, uint8_t **bytes, size_t *len,
		      struct failure *why)
{
	char early[512];
	int out, err;

	if (access(kind->dir, X_OK))
		return failure_set(why, -errno, "%s is needed and is not there: apt-get install %s",
				   kind->dir, kind->packages);
	out = memfd_create("grub", MFD_CLOEXEC);
	if (out < 0)
		return failure_errno(why, -errno, "cannot run grub-mkimage");
	snprintf(early, sizeof(early), kind->early, cd);
	err = run(kind, cd ? "/" : "(,gpt2)", early, cd ? cd_modules : disk_modules, out, why);
	if (!err && read_fd(out, CORE_MAX, bytes, len))
		err = failure_set(why, -EIO, "grub-mkimage -O %s made nothing of use",
				  kind->format);
	close(out);
	return err;
}

static int read_mbr(struct grub *g, struct failure *why)
{
	uint8_t *boot;
	size_t len;
	int err = read_file(LIB "i386-pc/boot.img", BIOS_PACKAGES, SECTOR, &boot, &len, why);

	if (err)
		return err;
	if (len == SECTOR)
		memcpy(g->mbr, boot, sizeof(g->mbr));
	else
		err = failure_set(why, -EINVAL, LIB "i386-pc/boot.img is not 512 bytes long");
	free(boot);
	return err;
}

int grub_make(struct grub *g, const char *cd, const char *command_line, struct failure *why)
{
	int err = 0;

	memset(g, 0, sizeof(*g));
	if (asprintf(&g->config, config, command_line) < 0) {
		g->config = NULL;
		return failure_errno(why, -ENOMEM, "grub.cfg");
	}
	err = make_image(cd ? &bios_cd : &bios_disk, cd, &g->core, &g->core_len, why);
	if (!err && g->core_len < CD_BLOCK + SECTOR)
		err = failure_set(why, -EIO, "grub-mkimage made only %zu bytes", g->core_len);
	if (!err)
		err = make_image(cd ? &efi_cd : &efi_disk, cd, &g->efi, &g->efi_len, why);
	return err || cd ? err : read_mbr(g, why);
}

void grub_free(struct grub *g)
{
	free(g->core);
	free(g->efi);
	free(g->config);
	memset(g, 0, sizeof(*g));
}

void grub_place(struct grub *g, uint64_t sector)
{
	put64(g->mbr + KERNEL_SECTOR, sector);
	put16(g->mbr + DRIVE_CHECK, 0x9090);
	put64(g->core + BLOCKLIST, sector + 1);
}

void grub_place_cd(struct grub *g, uint32_t block)
{
	uint32_t sum = 0;

	for (size_t i = INFO_FROM; i + 4 <= g->core_len; i += 4)
		sum += get32(g->core + i);
	put32(g->core + INFO_TABLE, CD_DESCRIPTORS);
	put32(g->core + INFO_TABLE + 4, block);
	put32(g->core + INFO_TABLE + 8, (uint32_t)g->core_len);
	put32(g->core + INFO_TABLE + 12, sum);
}
