// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <export/bytes.h>
#include <export/container.h>
#include <export/gpt.h>
#include <host/tool.h>
#include <image/output.h>

const char *const format_name[FORMATS] = { "raw", "qcow2", "vmdk", "vdi", "vhdx", "iso" };

// What qemu-img is told besides: sparse, and as every hypervisor of that format reads it.
static const char *const options[FORMATS] = {
	[FORMAT_QCOW2] = "compat=1.1",
	[FORMAT_VMDK] = "subformat=monolithicSparse,adapter_type=ide",
	[FORMAT_VDI] = "static=off",
	[FORMAT_VHDX] = "subformat=dynamic,block_size=1M",
};

// What files of each begin with, or have at a place: nobody else's is touched.
static const struct {
	unsigned at;
	const char *bytes;
} magic[FORMATS] = {
	[FORMAT_QCOW2] = { 0, "QFI\xfb" },
	[FORMAT_VMDK] = { 0, "KDMV" },
	[FORMAT_VDI] = { 0x40, "\x7f\x10\xda\xbe" },
	[FORMAT_VHDX] = { 0, "vhdx" },
};

// Virtual Disk Format 5.0 (VMware): the descriptor is text in sectors 1 to 20 of a monolithic file.
#define VMDK_DESCRIPTOR 512
#define VMDK_DESCRIPTOR_LEN (20 * 512)
// VirtualBox: VDIHEADER1PLUS, uuidCreate and uuidModify.
#define VDI_IDS 0x188
#define VDI_ID 16

// The line that begins with `key` becomes another.
static int replace_line(char *text, size_t len, const char *key, const char *line)
{
	char *at = strstr(text, key), *end = at ? strchr(at, '\n') : NULL;
	size_t line_len = strlen(line), rest;

	if (!end || (at > text && at[-1] != '\n'))
		return -EINVAL;
	rest = strlen(end);
	if ((size_t)(at - text) + line_len + rest >= len)
		return -ENAMETOOLONG;
	memmove(at + line_len, end, rest + 1);
	memcpy(at, line, line_len);
	memset(at + line_len + rest, 0, len - (size_t)(at - text) - line_len - rest);
	return 0;
}

// The descriptor also has the name that the file had when it was made.
static int vmdk_set_ids(int fd, const char *output, const uint64_t sum[2])
{
	char text[VMDK_DESCRIPTOR_LEN + 1] = "", line[600], *extent, *name;
	const char *slash = strrchr(output, '/');
	int err;

	if (pread(fd, text, VMDK_DESCRIPTOR_LEN, VMDK_DESCRIPTOR) != VMDK_DESCRIPTOR_LEN)
		return -EIO;
	// ffffffff is "none", and what follows it is VMware's.
	snprintf(line, sizeof(line), "CID=%08x", (uint32_t)sum[0] & 0x7fffffff);
	err = replace_line(text, VMDK_DESCRIPTOR_LEN, "CID=", line);
	extent = strstr(text, "\nRW ");
	name = extent ? strchr(extent, '"') : NULL;
	if (err || !name || name - extent > 64)
		return err ? err : -EINVAL;
	snprintf(line, sizeof(line), "%.*s\"%.255s\"", (int)(name - extent - 1), extent + 1,
		 slash ? slash + 1 : output);
	err = replace_line(text, VMDK_DESCRIPTOR_LEN, "RW ", line);
	return err ? err : output_write(fd, text, VMDK_DESCRIPTOR_LEN, VMDK_DESCRIPTOR);
}

static int vdi_set_ids(int fd, const uint64_t sum[2])
{
	uint8_t ids[2 * VDI_ID];

	gpt_id(sum, 0, ids);
	gpt_id(sum, 3, ids + VDI_ID);
	return output_write(fd, ids, sizeof(ids), VDI_IDS);
}

static int set_ids(enum format format, const char *temp, const char *output, const uint64_t sum[2])
{
	int fd = open(temp, O_RDWR | O_CLOEXEC), err = 0;
	char is[4];

	if (fd < 0)
		return -errno;
	if (pread(fd, is, sizeof(is), magic[format].at) != sizeof(is) ||
	    memcmp(is, magic[format].bytes, sizeof(is)))
		err = -EINVAL;
	else if (format == FORMAT_VMDK)
		err = vmdk_set_ids(fd, output, sum);
	else if (format == FORMAT_VDI)
		err = vdi_set_ids(fd, sum);
	else if (format == FORMAT_VHDX)
		err = vhdx_set_ids(fd, sum);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int container_make(enum format format, int raw, const char *temp, const char *output,
		   const uint64_t sum[2], struct failure *why)
{
	char from[32], to[PATH_MAX + 16]; // "file:", or a colon in the name would mean something
	const char *argv[] = { "qemu-img", "convert", "-q", "-f", "raw", "-O", format_name[format],
			       "-o", options[format], from, to, NULL };
	int err;

	snprintf(from, sizeof(from), "/proc/self/fd/%d", raw);
	snprintf(to, sizeof(to), "file:%s", temp);
	err = tool_run(argv, "qemu-utils", -1, why);
	if (err)
		return err;
	err = set_ids(format, temp, output, sum);
	return err ? failure_errno(why, err, "%s: qemu-img made a file whose ids cannot be "
				   "replaced", output)
		   : 0;
}
