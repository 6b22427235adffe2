// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the user calls the program: where it is, where it goes, and scripts.
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

#include <image/subject.h>
#include <tests/unit/folder.h>

static char folder[32];
static struct spec spec;
static struct subject subject;
static struct failure why;

static int setup(void **state)
{
	strcpy(folder, "/tmp/pith-subj.XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	spec_init(&spec);
	memset(&subject, 0, sizeof(subject));
	return 0;
}

static int teardown(void **state)
{
	subject_free(&subject);
	spec_free(&spec);
	folder_remove(folder);
	return 0;
}

static void file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(path, 0755);
}

static int find(const char *program)
{
	free(spec.program);
	spec.program = strdup(program);
	subject_free(&subject);
	why.text[0] = 0;
	return subject_find(&subject, &spec, &why);
}

static void found(const char *program, const char *guest)
{
	if (find(program))
		fail_msg("%s", why.text);
	assert_string_equal(subject.guest, guest);
}

static void refused(const char *program, int err, const char *says)
{
	assert_int_equal(find(program), err);
	if (!strstr(why.text, says))
		fail_msg("\"%s\" is not in \"%s\"", says, why.text);
}

static void places(void **state)
{
	file("prog", "\177ELF");
	found("prog", "/prog");
	found("./prog", "/prog");
	found("./././prog", "/prog");
	assert_int_equal(symlink("prog", "other"), 0);
	found("other", "/other");
	assert_int_equal(symlink("/usr/bin/env", "mine"), 0);
	found("mine", "/usr/bin/env"); // where it is part of something
	found("/usr/bin/../bin/env", "/usr/bin/env");
	found("/bin/env", "/bin/env");
}

static void nothing_there(void **state)
{
	setenv("PATH", "::/no/such/folder:.", 1);
	refused("none", -ENOENT, "the program none");
	refused("", -ENOENT, "the program");
	refused("no/none", -ENOENT, "no/none");
	refused("..", -EINVAL, "..");
	refused("./", -EINVAL, "./");
	unsetenv("PATH");
	refused("none", -ENOENT, "PATH");
}

static void in_path(void **state)
{
	char path[128];

	mkdir("bin", 0755);
	mkdir("bin/tool", 0755); // a folder is no program
	mkdir("bin2", 0755);
	file("bin2/tool", "\177ELF");
	file("bin/data", "x");
	chmod("bin/data", 0644); // nor is what cannot be run
	file("bin2/data", "\177ELF");
	snprintf(path, sizeof(path), "%s/bin:%s/bin2", folder, folder);
	setenv("PATH", path, 1);
	found("tool", "/tool");
	assert_non_null(strstr(subject.program, "/bin2/tool"));
	found("data", "/data");
	assert_non_null(strstr(subject.program, "/bin2/data"));
}

static void in_a_given_folder(void **state)
{
	mkdir("app", 0755);
	mkdir("app/bin", 0755);
	mkdir("apple", 0755);
	file("app/bin/prog", "\177ELF");
	file("apple/prog", "\177ELF");
	assert_int_equal(spec_file(&spec, "app:/srv/app", &why), 0);
	found("app/bin/prog", "/srv/app/bin/prog");
	found("apple/prog", "/prog");
	free(spec.files.at[0]);
	spec.files.at[0] = strdup("app:/");
	found("app/bin/prog", "/bin/prog");
}

static void scripts(void **state)
{
	file("interp", "\177ELF");
	file("s", "#!/usr/bin/env\n");
	refused("s", -EINVAL, "first line gives env");
	file("s", "#! \t/usr/bin/cut  -a  b \r\n");
	found("s", "/usr/bin/cut");
	assert_string_equal(subject.guest_script, "/s");
	assert_int_equal(subject.args.count, 2);
	assert_string_equal(subject.args.at[0], "-a  b"); // one argument, as Linux has it
	assert_string_equal(subject.args.at[1], "/s");
	file("s", "#!/usr/bin/cut\r\n");
	found("s", "/usr/bin/cut");
	file("s", "#!/usr/bin/cut"); // without an end of line
	found("s", "/usr/bin/cut");
	assert_int_equal(subject.args.count, 1);
}

static void scripts_by_env(void **state)
{
	setenv("PATH", "/usr/bin", 1);
	file("s", "#!/usr/bin/env cut\n");
	found("s", "/usr/bin/cut");
	assert_int_equal(subject.args.count, 1);
	file("s", "#!/usr/bin/env -S cut -d : -f 1\n");
	found("s", "/usr/bin/cut");
	assert_int_equal(subject.args.count, 5);
	assert_string_equal(subject.args.at[3], "1");
	assert_string_equal(subject.args.at[4], "/s");
	file("s", "#!/usr/bin/env -S\n");
	refused("s", -EINVAL, "first line gives env");
	file("s", "#!/usr/bin/env -u X cut\n");
	refused("s", -EINVAL, "first line gives env");
	file("s", "#!/usr/bin/env no-such-program\n");
	refused("s", -ENOENT, "no-such-program");
}

static void bad_scripts(void **state)
{
	char text[600];

	file("s", "#!\n");
	refused("s", -ENOENT, "wants the interpreter");
	file("s", "#!   \n");
	refused("s", -ENOENT, "wants the interpreter");
	file("s", "#!/no/such\n");
	refused("s", -ENOENT, "/no/such");
	snprintf(text, sizeof(text), "#!%s/s\n", folder); // itself
	file("s", text);
	refused("s", -ENOEXEC, "is a script itself");
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "#!/", 3);
	text[sizeof(text) - 1] = 0;
	file("s", text); // longer than Linux reads
	refused("s", -ENOENT, "wants the interpreter");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(places), T(nothing_there), T(in_path), T(in_a_given_folder), T(scripts), T(scripts_by_env), T(bad_scripts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
