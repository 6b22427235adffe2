// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include <image/report.h>
#include <image/report_files.h>

struct row {
	const char *name, *what;
	uint64_t len;
};

#define ROWS 9

static void rows(const struct report *r, struct row out[ROWS])
{
	const struct kernel *k = r->compose->kernel;
	uint64_t in_parts = k->text.len + k->rodata.len + k->data.len +
			    k->reloc_count * sizeof(*k->relocs) + k->symbols_len + r->nucleus_len +
			    r->start_len + r->root_len;

	out[0] = (struct row){ "program", "the program itself, as it is", r->compose->program_len };
	out[1] = (struct row){ "files", "the rest of the root file system (EROFS)",
			       r->root_len - r->compose->program_len };
	out[2] = (struct row){ "code", "library OS: code", k->text.len };
	out[3] = (struct row){ "constants", "library OS: constants", k->rodata.len };
	out[4] = (struct row){ "data", "library OS: data and relocations",
			       k->data.len + k->reloc_count * sizeof(*k->relocs) };
	out[5] = (struct row){ "symbols",
			       "library OS: names for backtraces (--strip leaves them out)",
			       k->symbols_len };
	out[6] = (struct row){ "nucleus", "the privileged code", r->nucleus_len };
	out[7] = (struct row){ "start", "the start-up code for a PC", r->start_len };
	out[8] = (struct row){ "rest", "headers, manifest, padding to pages",
			       r->image_len - in_parts };
}

void report_text(const struct report *r)
{
	struct row row[ROWS];

	rows(r, row);
	printf("%s: %llu bytes\n", r->output, (unsigned long long)r->file_len);
	for (unsigned i = 0; i < ROWS; i++)
		if (row[i].len)
			printf("  %-10s %9llu  %s\n", row[i].name, (unsigned long long)row[i].len,
			       row[i].what);
	if (r->file_len < r->image_len)
		printf("  packed from %llu bytes; --in-place leaves it as it is\n",
		       (unsigned long long)r->image_len);
	printf("  %zu system calls are linked, ", r->linked->count);
	if (r->calls->all && r->calls->all_as)
		printf("all that there are: %s", r->calls->all_as);
	else
		printf("of %u places that make one", r->calls->sites);
	printf("%s\n", r->calls->inet ? "; with a network" : "");
	if (r->calls->all && !r->calls->all_as)
		printf("  The number of the system call at %#llx%s%s cannot be known, so all are "
		       "linked.\n",
		       (unsigned long long)r->calls->unknown_at,
		       r->calls->unknown_in[0] ? " in " : "", r->calls->unknown_in);
	if (r->missing->count) {
		printf("  The program may make these calls, which Pith does not have; they fail "
		       "with ENOSYS:\n   ");
		for (size_t i = 0; i < r->missing->count; i++)
			printf(" %s", r->missing->at[i]);
		printf("\n");
	}
	if (r->gather)
		report_files_text(r->gather);
}

static cJSON *names(const struct strings *l)
{
	return l->count ? cJSON_CreateStringArray((const char *const *)l->at, (int)l->count)
			: cJSON_CreateArray();
}

void report_json(const struct report *r)
{
	cJSON *o = cJSON_CreateObject(), *parts = cJSON_AddObjectToObject(o, "parts");
	struct row row[ROWS];
	char *text;

	rows(r, row);
	cJSON_AddStringToObject(o, "image", r->output);
	cJSON_AddNumberToObject(o, "bytes", (double)r->file_len);
	cJSON_AddNumberToObject(o, "unpacked", (double)r->image_len);
	for (unsigned i = 0; i < ROWS; i++)
		cJSON_AddNumberToObject(parts, row[i].name, (double)row[i].len);
	cJSON_AddItemToObject(o, "calls", names(r->linked));
	cJSON_AddItemToObject(o, "missing", names(r->missing));
	cJSON_AddBoolToObject(o, "all_calls", r->calls->all);
	cJSON_AddBoolToObject(o, "network", r->calls->inet);
	if (r->gather) {
		cJSON_AddItemToObject(o, "files", report_files_json(r->gather));
		cJSON_AddItemToObject(o, "notes", names(&r->gather->notes));
	}
	text = cJSON_Print(o);
	if (text)
		puts(text);
	free(text);
	cJSON_Delete(o);
}
