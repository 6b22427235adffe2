// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where libraries are looked for: in a host of a few made-up ELF files in a temporary folder.
#include <errno.h>
#include <limits.h>
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

#include <image/libraries.h>
#include <image/opened.h>

#include "image/elf.h"
#include <tests/unit/folder.h>

static char root[32];
static struct search search;
static struct libraries libs;
static struct failure why;
static const char *user_guest, *user_host; // for given()

static const char *given(const char *guest, void *arg)
{
	return user_guest && !strcmp(guest, user_guest) ? user_host : NULL;
}

static int setup(void **state)
{
	strcpy(root, "/tmp/pith-libs.XXXXXX");
	assert_non_null(mkdtemp(root));
	memset(&libs, 0, sizeof(libs));
	memset(&search, 0, sizeof(search));
	libs.search = &search;
	libs.root = root;
	libs.given = given;
	user_guest = NULL;
	return 0;
}

static int teardown(void **state)
{
	libraries_free(&libs);
	search_free(&search);
	folder_remove(root);
	return 0;
}

static const char *on_host(const char *path)
{
	static char host[4][PATH_MAX];
	static unsigned turn;
	char *out = host[turn++ % 4];

	snprintf(out, PATH_MAX, "%s%s", root, path);
	return out;
}

// Writes a file of the host: tags and names by turns, 0 ends. DT_FLAGS_1 has a number for a name.
static void file(const char *path, const char *interpreter, ...)
{
	struct elf e;
	va_list args;
	int tag;

	elf_start(&e, interpreter);
	va_start(args, interpreter);
	while ((tag = va_arg(args, int))) {
		const char *name = va_arg(args, const char *);

		if ((unsigned)tag == DT_FLAGS_1)
			elf_tag(&e, tag, (uintptr_t)name);
		else
			elf_name(&e, tag, name);
	}
	va_end(args);
	elf_end(&e);
	elf_write(&e, on_host(path));
}

static void text(const char *path, const char *what)
{
	struct elf e = { 0 };
	FILE *f;

	elf_write(&e, on_host(path)); // which makes the folders
	f = fopen(on_host(path), "w");
	assert_non_null(f);
	fputs(what, f);
	fclose(f);
}

#define GLIBC "/lib64/ld-linux-x86-64.so.2"
#define MUSL "/lib/ld-musl-x86_64.so.1"

static int add(const char *interpreter)
{
	assert_int_equal(search_init(&search, interpreter, root, &why), 0);
	return libraries_add_program(&libs, on_host("/prog"), "/prog", &why);
}

static void added(const char *interpreter)
{
	if (add(interpreter))
		fail_msg("%s", why.text);
}

static void loader(void)
{
	file(GLIBC, NULL, DT_SONAME, "ld-linux-x86-64.so.2", 0);
}

static const struct library *has(const char *guest)
{
	for (size_t i = 0; i < libs.count; i++)
		if (!strcmp(libs.at[i]->guest, guest))
			return libs.at[i];
	fail_msg("%s did not come", guest);
	return NULL;
}

static void brings_what_is_wanted(void **state)
{
	loader();
	file("/prog", GLIBC, DT_NEEDED, "liba.so.1", DT_NEEDED, "libc.so.6", 0);
	file("/usr/lib/liba.so.1", NULL, DT_NEEDED, "libb.so", DT_NEEDED, "libc.so.6", 0);
	file("/lib/x86_64-linux-gnu/libb.so", NULL, DT_NEEDED, "liba.so.1", 0); // a circle
	file("/lib/x86_64-linux-gnu/libc.so.6", NULL, DT_NEEDED, "ld-linux-x86-64.so.2", 0);
	added(GLIBC);
	assert_int_equal(libs.count, 5);
	assert_string_equal(libs.interpreter->guest, GLIBC);
	assert_string_equal(has("/usr/lib/liba.so.1")->by->guest, "/prog");
	assert_string_equal(has("/lib/x86_64-linux-gnu/libb.so")->by->guest, "/usr/lib/liba.so.1");
	has("/lib/x86_64-linux-gnu/libc.so.6");
}

static void names_who_wants(void **state)
{
	loader();
	file("/prog", GLIBC, DT_NEEDED, "liba.so", 0);
	file("/usr/lib/liba.so", NULL, DT_NEEDED, "libgone.so.7", 0);
	assert_int_equal(add(GLIBC), -ENOENT);
	assert_non_null(strstr(why.text, "libgone.so.7"));
	assert_non_null(strstr(why.text, "/usr/lib/liba.so wants"));
}

static void names_the_interpreter(void **state)
{
	file("/prog", GLIBC, 0);
	assert_int_equal(add(GLIBC), -ENOENT);
	assert_non_null(strstr(why.text, "needs the interpreter " GLIBC));
}

static void passes_over_what_is_no_library(void **state)
{
	struct elf e;

	loader();
	file("/prog", GLIBC, DT_NEEDED, "liba.so", 0);
	elf_start(&e, NULL);
	e.eh.e_machine = EM_AARCH64;
	elf_write(&e, on_host("/lib/x86_64-linux-gnu/liba.so"));
	text("/usr/lib/x86_64-linux-gnu/liba.so", "INPUT(liba.so.1)\n"); // a linker script
	mkdir(on_host("/lib64/liba.so"), 0755);
	file("/usr/lib/liba.so", NULL, 0);
	added(GLIBC);
	has("/usr/lib/liba.so");
}

static void configuration(void **state)
{
	loader();
	text("/etc/ld.so.conf", "# none\ninclude ld.so.conf.d/*.conf\n/opt/late\nrelative/is/nothing\n");
	text("/etc/ld.so.conf.d/a.conf", "/opt//x/../early # here\ninclude /etc/ld.so.conf\n"); // in a circle
	file("/prog", GLIBC, DT_NEEDED, "liba.so", DT_NEEDED, "libb.so", 0);
	file("/opt/early/liba.so", NULL, 0);
	file("/opt/late/liba.so", NULL, 0);
	file("/opt/late/libb.so", NULL, 0);
	file("/usr/lib/libb.so", NULL, 0);
	added(GLIBC);
	has("/opt/early/liba.so");
	has("/opt/late/libb.so");
	assert_int_equal(libs.count, 4);
}

static void rpath_is_inherited(void **state)
{
	loader();
	file("/prog", GLIBC, DT_NEEDED, "liba.so", DT_RPATH, "/r", 0);
	file("/r/liba.so", NULL, DT_NEEDED, "libb.so", 0);
	file("/r/libb.so", NULL, 0);
	added(GLIBC);
	has("/r/libb.so");
}

static void runpath_is_not(void **state)
{
	loader();
	file("/prog", GLIBC, DT_NEEDED, "liba.so", DT_RUNPATH, "/r", 0);
	file("/r/liba.so", NULL, DT_NEEDED, "libb.so", 0);
	file("/r/libb.so", NULL, 0);
	assert_int_equal(add(GLIBC), -ENOENT);
	assert_non_null(strstr(why.text, "libb.so"));
}

static void a_runpath_ends_the_rpaths(void **state)
{
	loader();
	file("/prog", GLIBC, DT_NEEDED, "liba.so", DT_RPATH, "/r", 0);
	file("/r/liba.so", NULL, DT_NEEDED, "libb.so", DT_RUNPATH, "/other", 0);
	file("/r/libb.so", NULL, 0);
	file("/lib/libb.so", NULL, 0);
	added(GLIBC);
	has("/lib/libb.so");
}

static void origin(void **state)
{
	loader();
	mkdir(on_host("/home"), 0755);
	file("/home/bin/prog", GLIBC, DT_NEEDED, "liba.so", DT_RUNPATH, "/no:$ORIGIN/../lib", 0);
	file("/home/lib/liba.so", NULL, DT_NEEDED, "libb.so", DT_RUNPATH, "${ORIGIN}/deep", 0);
	file("/home/lib/deep/libb.so", NULL, 0);
	assert_int_equal(search_init(&search, GLIBC, root, &why), 0);
	if (libraries_add_program(&libs, on_host("/home/bin/prog"), "/prog", &why))
		fail_msg("%s", why.text);
	has("/lib/liba.so"); // beside the program, wherever that goes
	assert_string_equal(has("/lib/deep/libb.so")->host, on_host("/home/lib/deep/libb.so"));
}

static void tokens_that_are_not_known(void **state)
{
	loader();
	file("/prog", GLIBC, DT_NEEDED, "liba.so", DT_RUNPATH, "/$PLATFORM:$ORIGINAL:${ORIGIN:$:$LIBX:lib:", 0);
	assert_int_equal(add(GLIBC), -ENOENT);
}

static void no_default_folders(void **state)
{
	loader();
	file("/prog", GLIBC, DT_NEEDED, "liba.so", DT_FLAGS_1, (char *)DF_1_NODEFLIB, 0);
	file("/usr/lib/liba.so", NULL, 0);
	assert_int_equal(add(GLIBC), -ENOENT);
}

static void library_path(void **state)
{
	loader();
	file("/prog", GLIBC, DT_NEEDED, "liba.so", DT_NEEDED, "libb.so", DT_RUNPATH, "/run", 0);
	file("/env/liba.so", NULL, 0);
	file("/run/liba.so", NULL, 0);
	file("/run/libb.so", NULL, 0);
	libs.preload = "/env";
	added(GLIBC);
	has("/env/liba.so");
	has("/run/libb.so");
}

static void what_the_user_gives(void **state)
{
	loader();
	file("/prog", GLIBC, DT_NEEDED, "liba.so", 0);
	file("/usr/lib/liba.so", NULL, 0);
	file("/mine.so", NULL, DT_NEEDED, "libb.so", 0);
	file("/usr/lib/libb.so", NULL, 0);
	user_guest = "/lib/x86_64-linux-gnu/liba.so";
	user_host = on_host("/mine.so");
	added(GLIBC);
	assert_true(has(user_guest)->in_image);
	assert_false(has("/usr/lib/libb.so")->in_image);
}

static void plugins(void **state)
{
	loader();
	file("/prog", GLIBC, 0);
	file("/p/plugin.so", NULL, DT_NEEDED, "libgone.so", DT_NEEDED, "liblate.so", DT_NEEDED, "liba.so", 0);
	file("/p/liblate.so", NULL, DT_SONAME, "liblate.so", 0);
	file("/usr/lib/liba.so", NULL, 0);
	text("/p/text.so", "\177ELF, no");
	added(GLIBC);
	assert_int_equal(libraries_add_plugin(&libs, on_host("/p/plugin.so"), "/p/plugin.so", &why), 0);
	assert_int_equal(libraries_add_plugin(&libs, on_host("/p/liblate.so"), "/p/liblate.so", &why), 0);
	assert_int_equal(libraries_add_plugin(&libs, on_host("/p/text.so"), "/p/text.so", &why), 0);
	has("/usr/lib/liba.so");
	assert_int_equal(libs.missing_count, 2);
	assert_string_equal(libs.missing[0].name, "libgone.so");
	assert_true(libraries_lack(&libs, &libs.missing[0]));
	assert_false(libraries_lack(&libs, &libs.missing[1])); // it is loaded by its name
}

static void named(void **state)
{
	loader();
	file("/prog", GLIBC, 0);
	file("/usr/lib/libdl.so", NULL, DT_NEEDED, "libb.so", 0);
	file("/usr/lib/libb.so", NULL, 0);
	added(GLIBC);
	assert_int_equal(libraries_add_named(&libs, "libdl.so", &why), 0);
	has("/usr/lib/libb.so");
	assert_int_equal(libraries_add_named(&libs, "libdl.so", &why), 0);
	assert_int_equal(libs.count, 4);
	assert_int_equal(libraries_add_named(&libs, "libnot.so", &why), -ENOENT);
	assert_non_null(strstr(why.text, "libnot.so"));
}

// Names in a program's data, of which elf_name() makes some: a tag that nothing reads.
static void opened(void **state)
{
	loader();
	file("/prog", GLIBC, DT_RUNPATH, "$ORIGIN/own", DT_NEEDED, "libneeded.so", DT_DEBUG, "libopen.so.1", DT_DEBUG,
	     "libown-2.0.so", DT_DEBUG, "libgone.so.3", DT_DEBUG, "libopen.so.1", DT_DEBUG, "libtext.so", 0);
	file("/usr/lib/libneeded.so", NULL, DT_DEBUG, "libof.so", 0); // nobody's program
	file("/usr/lib/libof.so", NULL, 0);
	file("/usr/lib/libopen.so.1", NULL, DT_NEEDED, "libdeep.so", DT_NEEDED, "libnot.so", 0);
	file("/usr/lib/libdeep.so", NULL, 0);
	file("/own/libown-2.0.so", NULL, 0);
	text("/usr/lib/libtext.so", "INPUT(libopen.so.1)");
	added(GLIBC);
	assert_int_equal(libs.count, 3);
	assert_int_equal(libraries_add_opened(&libs, &why), 0);
	assert_int_equal(libs.count, 6);
	has("/usr/lib/libdeep.so");
	assert_string_equal(has("/own/libown-2.0.so")->by->guest, "/prog");
	assert_true(has("/own/libown-2.0.so")->opened);
	assert_true(has("/usr/lib/libopen.so.1")->opened);
	assert_false(has("/usr/lib/libdeep.so")->opened);
	assert_false(has("/usr/lib/libneeded.so")->opened);
	assert_int_equal(libs.missing_count, 1); // of what libopen wants; that libgone is not there is nobody's business
	assert_string_equal(libs.missing[0].name, "libnot.so");
}

static int note_name(const char *name, void *arg)
{
	char *all = arg;

	strcat(strcat(all, name), " ");
	return 0;
}

static int count_name(const char *name, void *arg)
{
	return ++*(int *)arg == INT_MAX;
}

static void opened_names(void **state)
{
	static const char good[] = "\0libz.so\0 \x07libc.so.6\0libg++-4.so.1.2b\0";
	static const char bad[] = "xlibx.so\0/libx.so\0lib.so\0libx.soap\0libx.so.\0libx\0lib x.so\0liba/x.so\0libx.so\n\0";
	char names[128] = "", *big, *p;
	struct elf e;
	struct program prog = { 0 };
	int count = 0;

	elf_start(&e, NULL);
	memcpy(e.names, good, sizeof(good));
	memcpy(e.names + sizeof(good), bad, sizeof(bad));
	memcpy(e.names + ELF_NAMES - 8, "libx.so", 8);
	e.ph[0].p_filesz = offsetof(struct elf, names) + ELF_NAMES - 1; // the last has no end
	elf_end(&e);
	prog.map = (const uint8_t *)&e;
	prog.eh = &e.eh;
	prog.ph = e.ph;
	assert_int_equal(opened_each(&prog, note_name, names), 0);
	assert_string_equal(names, "libz.so libc.so.6 libg++-4.so.1.2b ");

	big = calloc(8, OPENED_MAX * 2);
	assert_non_null(big);
	for (p = big; p < big + 8 * OPENED_MAX * 2; p += 8)
		strcpy(p, "libx.so");
	e.ph[0].p_filesz = 8 * OPENED_MAX * 2;
	prog.map = (const uint8_t *)big;
	assert_int_equal(opened_each(&prog, count_name, &count), 0);
	assert_int_equal(count, OPENED_MAX);
	memset(big, 'l', 8 * OPENED_MAX * 2); // a name that never ends
	memcpy(big, "\0lib", 4);
	assert_int_equal(opened_each(&prog, count_name, &count), 0);
	assert_int_equal(count, OPENED_MAX);
	free(big);
}

static void musl(void **state)
{
	file(MUSL, NULL, DT_SONAME, "libc.so", 0);
	file("/prog", MUSL, DT_NEEDED, "libc.so", DT_NEEDED, "libpthread.so.0", DT_NEEDED, "liba.so", DT_NEEDED, "libcx.so", 0);
	file("/usr/local/lib/liba.so", NULL, DT_NEEDED, "libc.so", 0);
	file("/usr/lib/libcx.so", NULL, 0);
	file("/lib/libc.so", NULL, 0); // of somebody else
	added(MUSL);
	assert_int_equal(libs.count, 4);
	has("/usr/local/lib/liba.so");
	has("/usr/lib/libcx.so");
}

static void musl_path_file(void **state)
{
	text("/etc/ld-musl-x86_64.path", "/one\n/two:/three\n");
	file(MUSL, NULL, 0);
	file("/prog", MUSL, DT_NEEDED, "liba.so", 0);
	file("/three/liba.so", NULL, 0);
	file("/usr/lib/liba.so", NULL, 0);
	added(MUSL);
	has("/three/liba.so");
}

static void paths_in_needed(void **state)
{
	loader();
	file("/x/liba.so", NULL, 0);
	file("/prog", GLIBC, DT_NEEDED, "/x/liba.so", 0);
	added(GLIBC);
	has("/x/liba.so");
	file("/prog", GLIBC, DT_NEEDED, "/x/liby.so", 0);
	libraries_free(&libs);
	libs.interpreter = NULL;
	search_free(&search);
	assert_int_equal(add(GLIBC), -ENOENT);
}

static void tidies_paths(void **state)
{
	static const char *const cases[][2] = { { "/", "/" },	       { "//", "/" },	     { "/a/../..", "/" },  { "/a/./b//c/", "/a/b/c" },
						{ "/../a", "/a" },     { "/a/..b", "/a/..b" }, { "/a/b/../c", "/a/c" }, { "/...", "/..." } };
	char out[PATH_MAX], *long_path = malloc(3 * PATH_MAX);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(path_tidy(cases[i][0], out));
		assert_string_equal(out, cases[i][1]);
	}
	assert_false(path_tidy("", out));
	assert_false(path_tidy("a/b", out));
	memset(long_path, '/', 3 * PATH_MAX);
	long_path[3 * PATH_MAX - 1] = 0;
	assert_true(path_tidy(long_path, out));
	memset(long_path + 1, 'x', 2 * PATH_MAX);
	assert_false(path_tidy(long_path, out));
	free(long_path);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(brings_what_is_wanted),
		T(names_who_wants),
		T(names_the_interpreter),
		T(passes_over_what_is_no_library),
		T(configuration),
		T(rpath_is_inherited),
		T(runpath_is_not),
		T(a_runpath_ends_the_rpaths),
		T(origin),
		T(tokens_that_are_not_known),
		T(no_default_folders),
		T(library_path),
		T(what_the_user_gives),
		T(plugins),
		T(named), T(opened), cmocka_unit_test(opened_names),
		T(musl),
		T(musl_path_file),
		T(paths_in_needed),
		T(tidies_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
