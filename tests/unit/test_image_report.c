// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The report of a build: its parts add up to the file, as text and as JSON.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include <image/report.h>

static struct kernel kernel = { .text = { .len = 1000 }, .rodata = { .len = 200 }, .data = { .len = 30 }, .reloc_count = 2,
				.symbols_len = 50 };
static struct spec spec;
static struct strings linked, missing;
static struct call_set calls = { .sites = 9 };
static struct compose compose = { .spec = &spec, .kernel = &kernel, .program_len = 5000 };
static struct report report = { .output = "dir/\"x\".pith", .compose = &compose, .calls = &calls, .linked = &linked, .missing = &missing,
				.root_len = 8192, .nucleus_len = 77, .image_len = 10000, .file_len = 10000 };
static char text[4096];

// What it prints on standard output.
static const char *capture(void (*print)(const struct report *))
{
	FILE *f = tmpfile();
	int out = dup(1);
	size_t n;

	assert_non_null(f);
	fflush(stdout);
	dup2(fileno(f), 1);
	print(&report);
	fflush(stdout);
	dup2(out, 1);
	close(out);
	rewind(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = 0;
	fclose(f);
	return text;
}

static void json_adds_up(void **state)
{
	cJSON *o = cJSON_Parse(capture(report_json)), *part;
	double sum = 0;

	assert_non_null(o);
	assert_string_equal(cJSON_GetObjectItem(o, "image")->valuestring, "dir/\"x\".pith");
	cJSON_ArrayForEach(part, cJSON_GetObjectItem(o, "parts"))
		sum += part->valuedouble;
	assert_int_equal((int)sum, 10000);
	assert_int_equal((int)cJSON_GetObjectItem(o, "bytes")->valuedouble, 10000);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "calls")), 2);
	assert_string_equal(cJSON_GetArrayItem(cJSON_GetObjectItem(o, "missing"), 0)->valuestring, "fork");
	assert_true(cJSON_IsFalse(cJSON_GetObjectItem(o, "all_calls")));
	cJSON_Delete(o);
}

static void text_says_what_is_missing(void **state)
{
	capture(report_text);
	assert_non_null(strstr(text, "10000 bytes"));
	assert_non_null(strstr(text, "2 system calls are linked, of 9 places"));
	assert_non_null(strstr(text, "ENOSYS"));
	assert_non_null(strstr(text, " fork"));
	assert_null(strstr(text, "cannot be known"));
}

static void text_says_who_is_to_blame(void **state)
{
	calls.all = true;
	calls.unknown_at = 0x401234;
	strcpy(calls.unknown_in, "culprit");
	capture(report_text);
	assert_non_null(strstr(text, "0x401234 in culprit cannot be known"));
	calls.all = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_adds_up), cmocka_unit_test(text_says_what_is_missing), cmocka_unit_test(text_says_who_is_to_blame),
	};
	int failed;

	if (strings_add(&linked, "read") || strings_add(&linked, "write") || strings_add(&missing, "fork"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < 2; i++)
		free(linked.at[i]);
	free(linked.at);
	free(missing.at[0]);
	free(missing.at);
	return failed;
}
