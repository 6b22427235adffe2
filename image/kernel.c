// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Links the library OS. The table of system calls is written into the linker script, as addresses:
// what is named there, and what that needs, comes out of the archive; --gc-sections drops the rest.
// Linked at 0 as position-independent, so that the loader can put it anywhere: words of the data
// that hold addresses are listed for it.
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <host/tool.h>
#include <image/kernel.h>
#include <image/kernel_elf.h>

#define PATH_ROOM 4200
#define TABLE_CALLS 464 // SYSCALL_COUNT of kernel/linux/syscall.h

static int read_calls(const char *libdir, bool have[CALLS_MAX], struct failure *why)
{
	char path[PATH_ROOM], line[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/calls.list", libdir);
	f = fopen(path, "re");
	if (!f)
		return failure_errno(why, -errno,
				     "cannot read %s: is Pith built, or installed whole?", path);
	while (fgets(line, sizeof(line), f)) {
		int nr;

		line[strcspn(line, "\n")] = 0;
		nr = call_number(line);
		if (nr >= 0 && nr < TABLE_CALLS)
			have[nr] = true;
	}
	fclose(f);
	return 0;
}

// Calls named by hand must exist; those found in the program may be ones that the library OS does
// not have.
static int choose(const struct spec *spec, const struct call_set *calls, const bool have[CALLS_MAX],
		  bool want[CALLS_MAX], struct strings *linked, struct strings *missing,
		  struct failure *why)
{
	for (size_t i = 0; i < spec->calls.count; i++) {
		int nr = call_number(spec->calls.at[i]);

		if (nr < 0)
			return failure_set(why, -EINVAL, "there is no system call named %s",
					   spec->calls.at[i]);
		if (!have[nr])
			return failure_set(why, -ENOSYS,
					   "the system call %s is not in this version of Pith",
					   spec->calls.at[i]);
		want[nr] = true;
	}
	for (unsigned nr = 0; nr < TABLE_CALLS; nr++) {
		if (calls->all)
			want[nr] = have[nr];
		else if (calls->has[nr] && have[nr])
			want[nr] = true;
		else if (calls->has[nr] && strings_add(missing, call_name(nr)))
			return failure_errno(why, -ENOMEM, "system calls");
		if (want[nr] && strings_add(linked, call_name(nr)))
			return failure_errno(why, -ENOMEM, "system calls");
	}
	return 0;
}

// See kernel/linux/syscall.h: 1 is SYSCALL_LEFT_OUT.
static void write_table(FILE *f, const bool have[CALLS_MAX], const bool want[CALLS_MAX])
{
	fprintf(f, "    . = ALIGN(8);\n    syscall_table = .;\n");
	for (unsigned nr = 0; nr < TABLE_CALLS; nr++) {
		if (want[nr])
			fprintf(f, "    QUAD(sys_%s)\n", call_name(nr));
		else
			fprintf(f, "    QUAD(%d)\n", have[nr]);
	}
	fprintf(f, "    syscall_table_end = .;\n");
}

static bool any_of(const struct strings *linked, const char *const *names)
{
	for (; *names; names++) {
		for (size_t i = 0; i < linked->count; i++)
			if (!strcmp(linked->at[i], *names))
				return true;
	}
	return false;
}

// Volumes come with the second ones (kernel/fs/sys_getdents.c, sys_dir.c, sys_truncate.c,
// sys_misc.c): a program that only reads files that it knows carries them already.
bool kernel_has_volumes(const struct strings *linked)
{
	static const char *const opens[] = { "open", "openat", "openat2", "creat", NULL };
	static const char *const uses[] = { "getdents64", "getdents", "mkdir", "mkdirat", "unlink",
					    "unlinkat", "rmdir", "rename", "renameat", "renameat2",
					    "link", "linkat", "symlink", "symlinkat", "truncate",
					    "ftruncate", "fallocate", "fsync", "fdatasync", "sync",
					    "syncfs", "statfs", "fstatfs", NULL };

	return any_of(linked, opens) && any_of(linked, uses);
}

// File systems for disks take 30 KB of a packed image. Who syncs nothing wants to keep nothing.
bool kernel_has_disks(const struct strings *linked)
{
	static const char *const syncs[] = { "fsync", "fdatasync", "sync", "syncfs",
					     "sync_file_range", "msync", NULL };

	return kernel_has_volumes(linked) && any_of(linked, syncs);
}

static void write_externs(FILE *f, const struct spec *spec, const struct call_set *calls,
			  const bool want[CALLS_MAX], const struct strings *linked)
{
	fprintf(f, "ENTRY(kernel_entry)\nEXTERN(kernel_entry syscall_entry trap_entry");
	for (unsigned nr = 0; nr < TABLE_CALLS; nr++)
		if (want[nr])
			fprintf(f, "\n  sys_%s", call_name(nr));
	if (spec->platforms & IMAGE_F_KVM)
		fprintf(f, " platform_kvm");
	if (spec->platforms & IMAGE_F_PROCESS)
		fprintf(f, " platform_process");
	if (spec->platforms & IMAGE_F_PC)
		fprintf(f, " platform_pc%s%s%s", calls->inet ? " pc_net" : "",
			kernel_has_volumes(linked) ? " pc_volumes" : "",
			kernel_has_disks(linked) ? " pc_volume_disk" : "");
	if (kernel_has_disks(linked))
		fprintf(f, " voldisk_mount");
	if (calls->inet)
		fprintf(f, " inet_family sock_tcp sock_udp%s",
			calls->netlink ? " netlink_family" : "");
	if (calls->unix_)
		fprintf(f, " unix_family");
	if (calls->all) // large anyway: trace, crash reports and /proc then tell more
		fprintf(f, " trace_args crash_scan_stack proc_more");
	fprintf(f, ")\n");
}

static int write_script(const char *path, const struct spec *spec, const struct call_set *calls,
			const bool have[CALLS_MAX], const bool want[CALLS_MAX],
			const struct strings *linked,
			struct failure *why)
{
	FILE *f = fopen(path, "we");
	bool failed;

	if (!f)
		return failure_errno(why, -errno, "cannot write %s", path);
	write_externs(f, spec, calls, want, linked);
	fputs("SECTIONS {\n  . = 0;\n"
	      "  .text : { *(.text.hostcalls) *(.text .text.*) }\n"
	      "  . = ALIGN(4096);\n"
	      "  .rodata : { *(.rodata .rodata.*) }\n"
	      "  . = ALIGN(4096);\n"
	      "  .data : { *(.data.rel.ro .data.rel.ro.*) *(.got .got.plt)\n", f);
	write_table(f, have, want);
	fputs("    *(.data .data.*) }\n"
	      "  .bss : { *(.bss .bss.* COMMON) }\n"
	      "  . = ALIGN(4096);\n"
	      "  .rela.dyn : { *(.rela .rela.*) }\n"
	      "  .dynamic : { *(.dynamic) }\n"
	      "  .linker : { *(.dynsym .dynstr .hash .gnu.hash .interp) }\n"
	      "  /DISCARD/ : { *(.comment .note .note.* .eh_frame .eh_frame_hdr) }\n}\n", f);
	failed = ferror(f);
	failed |= fclose(f) != 0;
	return failed ? failure_errno(why, -ENOSPC, "cannot write %s", path) : 0;
}

int kernel_link(struct kernel *k, const struct spec *spec, const struct call_set *calls,
		const char *libdir, const char *work, struct strings *linked,
		struct strings *missing, struct failure *why)
{
	char script[PATH_ROOM], out[PATH_ROOM], archive[PATH_ROOM];
	bool have[CALLS_MAX] = { false }, want[CALLS_MAX] = { false };
	const char *argv[] = { "ld",
			 "-pie",
			 "--no-dynamic-linker",
			 "-z",
			 "nodynamic-undefined-weak",
			 "-z",
			 "norelro",
			 "-z",
			 "noexecstack",
			 "--gc-sections",
			 "--build-id=none",
			 "--hash-style=sysv",
			 "--no-warn-rwx-segments",
			 "-T",
			 script,
			 "-o",
			 out,
			 archive,
			 NULL };
	int err;

	memset(k, 0, sizeof(*k));
	snprintf(script, sizeof(script), "%s/kernel.lds", work);
	snprintf(out, sizeof(out), "%s/kernel.elf", work);
	snprintf(archive, sizeof(archive), "%s/libkernel.a", libdir);
	err = read_calls(libdir, have, why);
	if (!err)
		err = choose(spec, calls, have, want, linked, missing, why);
	if (!err)
		err = write_script(script, spec, calls, have, want, linked,
				   why);
	if (!err)
		err = tool_run(argv, "binutils", -1, why);
	if (!err)
		err = kernel_elf_read(k, out, !spec->strip, why);
	k->call_count = linked->count;
	return err;
}

void kernel_free(struct kernel *k)
{
	free(k->text.bytes);
	free(k->rodata.bytes);
	free(k->data.bytes);
	free(k->relocs);
	free(k->symbols);
	memset(k, 0, sizeof(*k));
}
