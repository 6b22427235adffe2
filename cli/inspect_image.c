// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cli/inspect.h>
#include <monitor/image.h>

static const struct {
	enum image_part_kind kind;
	const char *name, *what;
} parts[] = {
	{ IMAGE_PART_ROOT, "root", "root file system (EROFS), with the program" },
	{ IMAGE_PART_TEXT, "code", "library OS: code" },
	{ IMAGE_PART_RODATA, "constants", "library OS: constants" },
	{ IMAGE_PART_DATA, "data", "library OS: data" },
	{ IMAGE_PART_RELOCS, "relocations", "library OS: addresses to adjust" },
	{ IMAGE_PART_SYMBOLS, "symbols", "library OS: names for backtraces" },
	{ IMAGE_PART_NUCLEUS, "nucleus", "the privileged code" },
	{ IMAGE_PART_START, "start", "the start-up code for a PC" },
	{ IMAGE_PART_MANIFEST, "manifest", "what to run" },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

static void add_list(cJSON *o, const char *key, const struct image *img, struct manifest_list list)
{
	const char *p = image_string(img, list.off);
	cJSON *array = cJSON_AddArrayToObject(o, key);

	for (uint32_t i = 0; i < list.count; i++, p += strlen(p) + 1)
		cJSON_AddItemToArray(array, cJSON_CreateString(p));
}

static void add_parts(cJSON *o, const struct image *img)
{
	cJSON *object = cJSON_AddObjectToObject(o, "parts");
	uint64_t rest = img->len;

	for (size_t i = 0; i < PARTS; i++) {
		uint64_t len = image_part(img, parts[i].kind)->len;

		cJSON_AddNumberToObject(object, parts[i].name, (double)len);
		rest -= len;
	}
	cJSON_AddNumberToObject(object, "rest", (double)rest);
}

static void add_ports(cJSON *o, const struct image *img)
{
	const struct manifest *m = img->manifest;
	const struct manifest_port *p = (const void *)((const char *)m + m->ports);
	cJSON *list = cJSON_AddArrayToObject(o, "ports");

	for (uint32_t i = 0; i < m->port_count; i++) {
		cJSON *item = cJSON_CreateObject();

		cJSON_AddNumberToObject(item, "host", p[i].host);
		cJSON_AddNumberToObject(item, "guest", p[i].guest);
		cJSON_AddStringToObject(item, "protocol", p[i].udp ? "udp" : "tcp");
		cJSON_AddItemToArray(list, item);
	}
}

static void add_platforms(cJSON *o, uint32_t flags)
{
	cJSON *list = cJSON_AddArrayToObject(o, "platforms");

	if (flags & IMAGE_F_KVM)
		cJSON_AddItemToArray(list, cJSON_CreateString("kvm"));
	if (flags & IMAGE_F_PROCESS)
		cJSON_AddItemToArray(list, cJSON_CreateString("process"));
	if (flags & IMAGE_F_PC)
		cJSON_AddItemToArray(list, cJSON_CreateString("pc"));
}

static cJSON *describe(const struct image *img)
{
	static const char *const nets[] = { "none", "user", "tap" };
	const struct manifest *m = img->manifest;
	cJSON *o = cJSON_CreateObject();
	char sum[33];

	snprintf(sum, sizeof(sum), "%016llx%016llx", (unsigned long long)img->header.sum[1],
		 (unsigned long long)img->header.sum[0]);
	cJSON_AddStringToObject(o, "image", img->path);
	cJSON_AddStringToObject(o, "name", image_string(img, m->name));
	cJSON_AddNumberToObject(o, "bytes", (double)img->file_len);
	cJSON_AddNumberToObject(o, "unpacked", (double)img->len);
	cJSON_AddStringToObject(o, "sum", sum);
	add_parts(o, img);
	cJSON_AddNumberToObject(o, "program_bytes", (double)m->program_len);
	add_platforms(o, img->header.flags);
	cJSON_AddStringToObject(o, "program", image_string(img, m->program));
	cJSON_AddStringToObject(o, "folder", image_string(img, m->cwd));
	cJSON_AddNumberToObject(o, "uid", m->uid);
	cJSON_AddNumberToObject(o, "gid", m->gid);
	add_list(o, "args", img, m->args);
	add_list(o, "env", img, m->env);
	cJSON_AddNumberToObject(o, "memory", (double)m->memory);
	cJSON_AddStringToObject(o, "net", nets[m->net]);
	add_ports(o, img);
	cJSON_AddBoolToObject(o, "writable_and_executable", img->header.flags & IMAGE_F_WX);
	add_list(o, "calls", img, m->calls);
	return o;
}

cJSON *inspect_image(const char *path, struct failure *why)
{
	struct image *img = malloc(sizeof(*img));
	cJSON *o = NULL;

	if (!img) {
		failure_errno(why, -ENOMEM, "%s", path);
		return NULL;
	}
	if (!image_open(img, path, NULL, why)) {
		o = describe(img);
		image_close(img);
	}
	free(img);
	return o;
}

static void print_list(const char *name, const cJSON *list)
{
	unsigned column = 12;
	const cJSON *item;

	if (!cJSON_GetArraySize(list))
		return;
	printf("%-12s", name);
	cJSON_ArrayForEach(item, list) {
		const char *s = cJSON_GetStringValue(item);

		if (column > 12 && column + strlen(s) > 98)
			printf("\n%*s", (int)(column = 12), "");
		printf("%s ", s);
		column += (unsigned)strlen(s) + 1;
	}
	printf("\n");
}

static void print_ports(const cJSON *list)
{
	const cJSON *p;

	cJSON_ArrayForEach(p, list)
	{
		if (inspect_number(p, "host") > 0)
			printf("%-12s%.0f:%.0f/%s\n", "port", inspect_number(p, "host"),
			       inspect_number(p, "guest"), inspect_text(p, "protocol"));
		else
			printf("%-12s%.0f/%s, not published\n", "port", inspect_number(p, "guest"),
			       inspect_text(p, "protocol"));
	}
}

void inspect_image_print(const cJSON *o)
{
	const cJSON *list = cJSON_GetObjectItem(o, "parts");

	double bytes = inspect_number(o, "bytes"), unpacked = inspect_number(o, "unpacked_bytes");

	printf("%s: image \"%s\", %.0f bytes, sound\n", inspect_text(o, "image"),
	       inspect_text(o, "name"), bytes);
	if (bytes < unpacked)
		printf("  %-12s%9.0f  packed; what follows is unpacked\n", "file", bytes);
	for (size_t i = 0; i < PARTS; i++) {
		if (inspect_number(list, parts[i].name) > 0)
			printf("  %-12s%9.0f  %s\n", parts[i].name,
			       inspect_number(list, parts[i].name), parts[i].what);
	}
	printf("  %-12s%9.0f  headers, padding to pages\n", "rest", inspect_number(list, "rest"));
	printf("%-12s%s (%.0f bytes)\n", "program", inspect_text(o, "program"),
	       inspect_number(o, "program_bytes"));
	print_list("arguments", cJSON_GetObjectItem(o, "args"));
	print_list("environment", cJSON_GetObjectItem(o, "env"));
	printf("%-12s%s\n", "folder", inspect_text(o, "folder"));
	printf("%-12s%.0f, group %.0f\n", "user", inspect_number(o, "uid"),
	       inspect_number(o, "gid"));
	if (inspect_number(o, "memory") > 0)
		printf("%-12s%.0f MiB\n", "memory", inspect_number(o, "memory") / (1 << 20));
	printf("%-12s%s\n", "network", inspect_text(o, "net"));
	print_ports(cJSON_GetObjectItem(o, "ports"));
	print_list("platforms", cJSON_GetObjectItem(o, "platforms"));
	print_list("calls", cJSON_GetObjectItem(o, "calls"));
	printf("%-12s%s\n", "sum", inspect_text(o, "sum"));
}
