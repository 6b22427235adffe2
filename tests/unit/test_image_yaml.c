// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// pith.yaml: a whole one, and one mistake at a time, each of which names its line.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <image/spec.h>

static char dir[] = "/tmp/unit-yaml.XXXXXX";
static char path[64];
static struct spec spec;
static struct failure why;

static int read_yaml(const char *text, size_t len)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
	spec_free(&spec);
	spec_init(&spec);
	why.text[0] = 0;
	return spec_yaml(&spec, path, &why);
}

static void good(const char *text)
{
	if (read_yaml(text, strlen(text)))
		fail_msg("%s", why.text);
}

// line 0: the complaint is about the whole file.
static void bad(unsigned line, const char *what, const char *text)
{
	char place[80];

	if (line)
		snprintf(place, sizeof(place), "%s:%u: ", path, line);
	else
		snprintf(place, sizeof(place), "%s", path);
	if (!read_yaml(text, strlen(text)))
		fail_msg("taken: %s", text);
	if (strncmp(why.text, place, strlen(place)) || !strstr(why.text, what))
		fail_msg("\"%s\" does not begin with \"%s\" and have \"%s\"", why.text, place, what);
}

static void string(const char *got, const char *want)
{
	char whole[128];

	snprintf(whole, sizeof(whole), "%s%s%s", *want == '@' ? dir : "", *want == '@' ? "/" : "", want + (*want == '@'));
	assert_string_equal(got, whole);
}

static void takes_everything(void **state)
{
	good("program: bin/web\n"
	     "output: out/web.pith\n"
	     "name: shop\n"
	     "args: [-p, \"80\"]\n"
	     "env:\n  A: b\n  EMPTY: ''\n"
	     "files:\n  site: /www\n  /etc/hosts: /etc/hosts\n"
	     "memory: 64M\n"
	     "network: tap:t0\n"
	     "ports:\n  - 8080:80\n  - 5353:53/udp\n"
	     "calls: [getcpu]\n"
	     "wx: true\nstrip: true\nfor: kvm\n");
	string(spec.program, "@bin/web");
	string(spec.output, "@out/web.pith");
	string(spec.name, "shop");
	assert_int_equal(spec.args.count, 2);
	string(spec.args.at[1], "80");
	string(spec.env.at[0], "A=b");
	string(spec.env.at[1], "EMPTY=");
	string(spec.files.at[0], "@site:/www");
	string(spec.files.at[1], "/etc/hosts:/etc/hosts");
	assert_int_equal(spec.memory, 64 << 20);
	assert_int_equal(spec.net, MANIFEST_NET_TAP);
	string(spec.net_name, "t0");
	assert_int_equal(spec.port_count, 2);
	assert_int_equal(spec.ports[1].udp, 1);
	string(spec.calls.at[0], "getcpu");
	assert_true(spec.wx && spec.strip);
	assert_int_equal(spec.platforms, IMAGE_F_KVM);
}

static void takes_other_forms(void **state)
{
	good("# a comment\nprogram: /bin/x\nenv:\n- A=b\nfiles:\n- a:/b\n");
	string(spec.program, "/bin/x");
	string(spec.env.at[0], "A=b");
	string(spec.files.at[0], "@a:/b");
	good("{\"program\": \"x\", \"args\": []}");
	string(spec.program, "@x");
	good("program: x\nargs: [1, true, null, '']\n");
	assert_int_equal(spec.args.count, 4);
	string(spec.args.at[1], "true");
}

static void names_the_line_of_a_value(void **state)
{
	bad(2, "amount of memory", "program: x\nmemory: lots\n");
	bad(3, "not a network", "program: x\n\nnetwork: f.ast\n");
	bad(4, "not a port", "program: x\nports:\n  - 80\n  - eighty\n");
	bad(3, "not an environment variable", "program: x\nenv:\n  - A\n");
	bad(3, "not an environment variable", "program: x\nenv:\n  '': b\n");
	bad(4, "not a file for the image", "program: x\nfiles:\n  a: /b\n  c: ../d\n");
	bad(2, "not a platform", "program: x\nfor: vmware\n");
	bad(2, "true or false", "program: x\nwx: yes\n");
	bad(2, "true or false", "program: x\nstrip: [true]\n");
}

static void names_the_line_of_a_wrong_kind(void **state)
{
	bad(1, "a text is wanted", "program: [x]\n");
	bad(1, "a text is wanted", "program:\n");
	bad(2, "a text is wanted", "program: x\nmemory: [4M]\n");
	bad(2, "a list is wanted", "program: x\nargs: one\n");
	bad(3, "a list is wanted", "program: x\nargs:\n  a: b\n");
	bad(2, "a list or a mapping", "program: x\nenv: A=b\n");
	bad(3, "a text is wanted", "program: x\nargs:\n- [a]\n");
	bad(3, "a text is wanted", "program: x\nenv:\n  A: [b]\n");
	bad(1, "key: value", "- program\n");
	bad(1, "key: value", "program\n");
}

static void names_unknown_and_double_keys(void **state)
{
	bad(2, "no key `prog`", "program: x\nprog: y\n");
	bad(1, "network, ports", "Program: x\n");
	bad(1, "no key", "? [a]\n: b\n");
	bad(3, "twice", "program: x\nmemory: 4M\nprogram: y\n");
}

static void refuses_what_is_no_yaml(void **state)
{
	bad(2, "", "program: x\n\tmemory: 4M\n");
	bad(3, "", "program: x\nargs: [a\n");
	bad(2, "", "\"x\n");
	bad(0, "says no program", "memory: 4M\n");
	bad(0, "is empty", "");
	bad(0, "is empty", "# nothing\n");
	bad(1, "a text is wanted", "program: \"a\\0b\"\n"); // a NUL in it
	assert_true(read_yaml("program: x\0y: z\n", 16) < 0);
	assert_true(read_yaml("program: \xff\xfe\n", 12) < 0);
}

static void says_which_file_is_not_there(void **state)
{
	assert_true(spec_yaml(&spec, "/nonexistent/pith.yaml", &why) < 0);
	assert_non_null(strstr(why.text, "/nonexistent/pith.yaml"));
}

// Cut off anywhere it is taken or refused, never misread (ASan); what is taken has a program.
static void survives_every_cut(void **state)
{
	static const char text[] = "program: p\nenv: {A: b, 'C': \"d\"}\nfiles:\n- a:/b\nports: [80, 8080:80/udp]\nmemory: 4M\n";

	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		if (read_yaml(text, len))
			assert_non_null(strstr(why.text, path));
		else
			assert_non_null(spec.program);
	}
}

static int setup(void **state)
{
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/pith.yaml", dir);
	spec_init(&spec);
	return 0;
}

static int teardown(void **state)
{
	spec_free(&spec);
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_everything), cmocka_unit_test(takes_other_forms), cmocka_unit_test(names_the_line_of_a_value),
		cmocka_unit_test(names_the_line_of_a_wrong_kind), cmocka_unit_test(names_unknown_and_double_keys),
		cmocka_unit_test(refuses_what_is_no_yaml), cmocka_unit_test(says_which_file_is_not_there),
		cmocka_unit_test(survives_every_cut),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
