// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The parts that container images are read with, each by itself: digests, JSON of any type, accounts,
// limits, and finding a program in a tree.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <image/account.h>
#include <image/container.h>
#include <image/inside.h>
#include <image/untar.h>

static struct tree *t;
static struct failure why;

static int start(void **state)
{
	t = tree_new();
	why.text[0] = 0;
	return t ? 0 : -1;
}

static int end(void **state)
{
	tree_free(t);
	return 0;
}

static void put(const char *path, uint32_t mode, const char *text)
{
	const struct attr a = { .mode = mode };
	struct node *n;

	assert_int_equal(tree_add(t, path, &a, TREE_REPLACE, &n, &why), 0);
	assert_int_equal(node_set_bytes(n, text, strlen(text)), 0);
}

static bool says(const char *text)
{
	return strstr(why.text, text) != NULL;
}

// FIPS 180-4's examples: "abc".
#define ABC_256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ABC_512 \
	"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" \
	"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"

static void digests(void **state)
{
	static const char *const good[] = { "sha256:" ABC_256, "sha512:" ABC_512 };
	static const char *const bad[] = { "",		     "sha256",		 "sha256:",
					   "sha256:ba78",    "sha256:" ABC_256 "00", "sha1:abcd",
					   "SHA256:" ABC_256, "sha512:" ABC_256 };
	struct digest d;

	for (int i = 0; i < 2; i++) {
		for (int right = 0; right < 2; right++) {
			assert_int_equal(digest_parse(&d, good[i], &why), 0);
			assert_int_equal(digest_begin(&d), 0);
			digest_add(&d, "a", 1);
			digest_add(&d, right ? "bc" : "bd", 2);
			assert_int_equal(digest_end(&d), right);
		}
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_true(digest_parse(&d, bad[i], &why) < 0);
		assert_true(says("is not a digest"));
	}
	memset(&d, 0, sizeof(d)); // nothing is wanted: anything is right
	assert_int_equal(digest_begin(&d), 0);
	digest_add(&d, "x", 1);
	assert_true(digest_end(&d));
}

static int read_config(const char *text)
{
	struct container c = { 0 };
	struct json j;
	int err;

	put("config", S_IFREG, text);
	err = json_read(&j, t, "config", NULL, &why);
	if (!err)
		err = container_read(&c, &j, &why);
	json_free(&j);
	container_free(&c);
	return err;
}

#define PLATFORM "\"os\":\"linux\",\"architecture\":\"amd64\""
#define ROOTFS "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}"

static void configurations(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "", "is not JSON" },
		{ "{" PLATFORM ",", "is not JSON" },
		{ "[]", "an object is wanted" },
		{ "{}", "has no `os`" },
		{ "{\"os\":\"linux\"}", "has no `architecture`" },
		{ "{\"os\":\"windows\",\"architecture\":\"amd64\"}", "windows/amd64" },
		{ "{\"OS\":\"linux\",\"architecture\":\"amd64\"}", "has no `os`" },
		{ "{" PLATFORM "}", "has no `rootfs`" },
		{ "{" PLATFORM ",\"rootfs\":{}}", "has no `type`" },
		{ "{" PLATFORM ",\"rootfs\":{\"type\":\"zip\",\"diff_ids\":[]}}", "of the type zip" },
		{ "{" PLATFORM ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[1]}}", "not a list of texts" },
		{ "{" PLATFORM ",\"config\":[]," ROOTFS "}", "`config` is not an object" },
		{ "{" PLATFORM ",\"config\":{\"Env\":{}}," ROOTFS "}", "`Env` is not a list" },
		{ "{" PLATFORM ",\"config\":{\"Cmd\":[[]]}," ROOTFS "}", "`Cmd` is not a list of texts" },
	};

	assert_int_equal(read_config("{" PLATFORM "," ROOTFS "}"), 0);
	assert_int_equal(read_config("{" PLATFORM ",\"config\":null," ROOTFS "}"), 0);
	assert_int_equal(read_config("{" PLATFORM ",\"config\":{\"Cmd\":null,\"User\":null}," ROOTFS "}"), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_true(read_config(bad[i].text) < 0);
		if (!says(bad[i].says))
			fail_msg("%s: %s", bad[i].text, why.text);
	}
}

static void accounts(void **state)
{
	struct account a;

	assert_int_equal(account_find(&a, t, "", &why), 0); // no files at all
	assert_int_equal(a.uid + a.gid, 0);
	assert_int_equal(account_find(&a, t, "12:34", &why), 0);
	assert_int_equal(account_find(&a, t, "joe", &why), -ENOENT);
	put("etc/passwd", S_IFREG, "# no line\n::\njoe:x:7:8:J:/home/j:/bin/sh\nbad:x:many:1::\n10:x:11:12::/n:\nlast:x:1:2");
	put("etc/group", S_IFREG, "staff:x:50:joe\nbad:x::\n");
	assert_int_equal(account_find(&a, t, "joe", &why), 0);
	assert_true(a.uid == 7 && a.gid == 8 && !strcmp(a.home, "/home/j"));
	assert_int_equal(account_find(&a, t, "7", &why), 0);
	assert_int_equal(a.gid, 8);
	assert_int_equal(account_find(&a, t, "joe:staff", &why), 0);
	assert_int_equal(a.gid, 50);
	assert_int_equal(account_find(&a, t, "last", &why), 0);
	assert_int_equal(account_find(&a, t, "bad", &why), -EINVAL);
	assert_int_equal(account_find(&a, t, "joe:bad", &why), -ENOENT);
	assert_int_equal(account_find(&a, t, "joe:none", &why), -ENOENT);
	assert_true(says("the group none"));
	assert_int_equal(account_find(&a, t, "4294967295", &why), -ENOENT); // -1 is nobody's number
	assert_int_equal(account_find(&a, t, "-1", &why), -ENOENT);
}

static void limits(void **state)
{
	struct spool s;

	assert_int_equal(spool_open(&s, "/tmp", 100, &why), 0);
	assert_int_equal(spool_count(&s, 60, "x", &why), 0);
	assert_int_equal(spool_count(&s, 40, "x", &why), 0);
	assert_int_equal(spool_count(&s, 1, "the bomb", &why), -EFBIG);
	assert_true(says("the bomb unpacks to more than"));
	assert_int_equal(spool_write(&s, "abc", 3, spool_place(&s, 3), &why), 0);
	assert_int_equal(spool_place(&s, 3), 16);
	assert_int_equal(spool_place(&s, 4096), 4096);
	spool_close(&s);
	assert_true(spool_open(&s, "/nonexistent", 0, &why) < 0);
	assert_true(says("/nonexistent"));
}

static int find(const char *name, const char *env_path, struct inside *in)
{
	char *argv[] = { (char *)name, NULL }, *env[] = { (char *)env_path, NULL };

	return inside_find(in, t, &(struct strings){ argv, 1 }, &(struct strings){ env, 1 }, "/work",
			   &why);
}

// No ELF file is here, so what is found ends with being none; its name is in the message.
static void programs(void **state)
{
	static const struct {
		const char *name, *says;
	} cases[] = {
		{ "prog", "/opt/prog is not an ELF file" },
		{ "/bin/link", "/opt/prog is not an ELF file" },
		{ "./local", "/work/local is not an ELF file" },
		{ "../opt/prog", "/opt/prog is not an ELF file" },
		{ "script", "/opt/prog is not an ELF file" },
		{ "by-env", "/opt/prog is not an ELF file" },
		{ "plain", "plain is nowhere in PATH" },
		{ "/opt/plain", "may not be run" },
		{ "/opt", "is not a file" },
		{ "/opt/lost", "the script /opt/lost wants an interpreter: the program /gone" },
		{ "/opt/empty", "the script /opt/empty wants an interpreter: the name of the program is empty" },
		{ "/opt/self", "without end" },
		{ "/opt/nothing", "/opt/nothing is empty" },
		{ "", "is empty" },
	};

	put("opt/prog", S_IFREG | 0755, "x");
	put("opt/script", S_IFREG | 0755, "#!/bin/link -a b\t\n");
	put("opt/by-env", S_IFREG | 0755, "#! /usr/bin/env prog\r\n");
	put("opt/lost", S_IFREG | 0755, "#!/gone");
	put("opt/empty", S_IFREG | 0755, "#!\n");
	put("opt/self", S_IFREG | 0755, "#!/opt/self\n");
	put("opt/nothing", S_IFREG | 0755, "");
	put("opt/plain", S_IFREG | 0644, "x");
	put("work/local", S_IFREG | 0755, "x");
	put("bin/link", S_IFLNK | 0777, "../usr/../opt/./prog");
	put("usr/x", S_IFREG | 0644, "x");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inside in;

		assert_true(find(cases[i].name, "PATH=:/none:/opt", &in) < 0);
		if (!says(cases[i].says))
			fail_msg("%s: %s", cases[i].name, why.text);
		if (!strcmp(cases[i].name, "script")) {
			assert_int_equal(in.argv.count, 3);
			assert_string_equal(in.argv.at[0], "/bin/link");
			assert_string_equal(in.argv.at[1], "-a b");
			assert_string_equal(in.argv.at[2], "/opt/script");
			assert_int_equal(in.script_args, 2);
		}
		inside_free(&in);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)
	const struct CMUnitTest tests[] = {
		TEST(digests), TEST(configurations), TEST(accounts), TEST(limits), TEST(programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
