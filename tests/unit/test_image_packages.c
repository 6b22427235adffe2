// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Debian packages: in a host of a temporary folder with a database of its own.
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

#include <image/package_files.h>
#include <image/packages.h>
#include <image/users.h>
#include <tests/unit/folder.h>

static char root[32];
static struct packages packs;
static struct gather gather;
static struct failure why;

static int setup(void **state)
{
	strcpy(root, "/tmp/pith-dpkg.XXXXXX");
	assert_non_null(mkdtemp(root));
	memset(&packs, 0, sizeof(packs));
	assert_int_equal(gather_init(&gather, root, &why), 0);
	return 0;
}

static int teardown(void **state)
{
	packages_close(&packs);
	gather_free(&gather);
	folder_remove(root);
	return 0;
}

static const char *on_host(const char *path)
{
	static char host[PATH_MAX];

	snprintf(host, sizeof(host), "%s%s", root, path);
	for (char *p = host + strlen(root) + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = 0;
		mkdir(host, 0755);
	}
	return host;
}

static void file(const char *path, const char *text)
{
	FILE *f = fopen(on_host(path), "a");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void link_to(const char *path, const char *target)
{
	assert_int_equal(symlink(target, on_host(path)), 0);
}

// A package, with its list; its files must be made by hand.
static void package(const char *name, const char *fields, const char *list)
{
	char text[1024], path[128];

	snprintf(text, sizeof(text), "Package: %s\nStatus: install ok installed\nArchitecture: amd64\n%s\n", name, fields);
	file("/var/lib/dpkg/status", text);
	snprintf(path, sizeof(path), "/var/lib/dpkg/info/%s.list", name);
	file(path, "/.\n");
	file(path, list);
}

static void opened(void)
{
	assert_int_equal(packages_open(&packs, root, &why), 0);
}

static bool chosen(const char *name)
{
	for (size_t i = 0; i < packs.count; i++)
		if (!strcmp(packs.at[i].package->name, name))
			return true;
	return false;
}

static void owners_of(const char *path)
{
	struct strings paths = { 0 };

	strings_add(&paths, path);
	if (packages_add_owners(&packs, &paths, &why))
		fail_msg("%s", why.text);
	strings_free(&paths);
}

static bool came(const char *path)
{
	struct failure ignored;
	struct node *n;

	return !tree_find(gather.tree, path, true, &n, &ignored);
}

static void gathered(void)
{
	if (packages_gather(&packs, &gather, &why))
		fail_msg("%s", why.text);
}

static void no_database(void **state)
{
	opened();
	owners_of("/usr/sbin/srv");
	assert_int_equal(packs.count, 0);
	assert_int_equal(packages_add(&packs, "srv", &why), -ENOENT);
	assert_non_null(strstr(why.text, "no Debian packages"));
}

static void unknown_package(void **state)
{
	package("srv", "", "");
	opened();
	assert_int_equal(packages_add(&packs, "other", &why), -ENOENT);
	assert_non_null(strstr(why.text, "no installed package other"));
}

static void same_source(void **state)
{
	package("srv", "Source: srv-src (1.0)\nDepends: srv-common (= 1.0) | none, libc6 (>= 2)\nRecommends: srv-data:any\n", "/usr/sbin/srv\n");
	package("srv-common", "Source: srv-src\nDepends: zones, tools\n", "");
	file("/var/lib/dpkg/status", "Package: zones\nStatus: install ok installed\nArchitecture: all\n\n"
				     "Package: tools\nStatus: install ok installed\nArchitecture: all\n\n"
				     "Package: wheels\nStatus: install ok installed\nArchitecture: all\n\n");
	file("/var/lib/dpkg/info/zones.list", "/usr\n/usr/bin\n/usr/share/zones\n");
	file("/var/lib/dpkg/info/tools.list", "/usr/bin/tool\n");
	file("/var/lib/dpkg/info/wheels.list", "/usr/share/wheel\n");
	package("srv-data", "Source: srv-src\nPre-Depends: srv-deep\n", "");
	package("srv-deep", "Source: srv-src\n", "");
	package("srv-mod", "Source: srv-src\nDepends: srv, wheels\nSection: contrib/httpd\n", "");
	package("srv-dev", "Source: srv-src\nDepends: srv\nSection: httpd\n", "");
	package("libsrv0", "Source: srv-src\nDepends: srv\nSection: libs\n", "");
	package("srv-doc2", "Source: srv-src\nDepends: srv\nSection: doc\n", "");
	package("srv-unrelated", "Source: srv-src\n", "");
	package("libc6", "Source: glibc\nDepends: srv\n", "");
	package("plugin", "Depends: srv\n", "");
	opened();
	owners_of("/usr/sbin/srv");
	assert_true(chosen("srv") && chosen("srv-common") && chosen("srv-data") && chosen("srv-deep") && chosen("srv-mod"));
	assert_true(chosen("zones")); // data that it depends on
	assert_int_equal(packs.count, 6);
}

static void merged_folders(void **state)
{
	package("a", "", "/bin/a\n");
	package("b", "", "/usr/lib/b\n");
	opened();
	owners_of("/usr/bin/a");
	owners_of("/lib/b");
	owners_of("/usr/usr/bin/a");
	assert_true(chosen("a") && chosen("b"));
	assert_int_equal(packs.count, 2);
}

static void named_brings_its_section(void **state)
{
	package("python3-a", "Section: python\nDepends: python3-b, other, virtual\n", "/usr/bin/a-tool\n");
	package("python3-b", "Section: python\n", "");
	package("other", "Section: utils\n", "");
	package("real", "Section: python\nProvides: thing, virtual (= 1)\n", "");
	file("/usr/bin/a-tool", "x");
	opened();
	assert_int_equal(packages_add(&packs, "python3-a", &why), 0);
	assert_true(chosen("python3-b") && chosen("real") && !chosen("other"));
	gathered();
	assert_true(came("/usr/bin/a-tool")); // a named package brings its programs
}

static void not_installed(void **state)
{
	file("/var/lib/dpkg/status", "Package: gone\nStatus: deinstall ok config-files\nDepends: x\n\n");
	package("here", "Depends: gone, , | ,(, never\n", "");
	file("/var/lib/dpkg/status", "garbage\n\n\nStatus: install ok installed\n\nPackage: last\nStatus: install ok triggers-pending"); // cut off
	opened();
	assert_int_equal(packages_add(&packs, "gone", &why), -ENOENT);
	assert_int_equal(packages_add(&packs, "here", &why), 0);
	assert_int_equal(packs.count, 1);
	assert_non_null(dpkg_find(&packs.dpkg, "last"));
	assert_int_equal(packs.dpkg.count, 2);
}

static void list_that_is_gone(void **state)
{
	package("srv", "Depends: b\n", "");
	opened();
	assert_int_equal(packages_add(&packs, "srv", &why), 0);
	unlink(on_host("/var/lib/dpkg/info/srv.list"));
	assert_int_equal(packages_gather(&packs, &gather, &why), -ENOENT);
	assert_non_null(strstr(why.text, "srv"));
}

static void list_with_architecture(void **state)
{
	package("srv", "", "");
	unlink(on_host("/var/lib/dpkg/info/srv.list"));
	file("/var/lib/dpkg/info/srv:amd64.list", "/usr/lib/srv/x\n");
	file("/usr/lib/srv/x", "x");
	opened();
	owners_of("/usr/lib/srv/x");
	gathered();
	assert_true(came("/usr/lib/srv/x"));
}

static void what_is_left_out(void **state)
{
	static const char *const paths[] = { "/usr/share/doc/srv/README", "/usr/share/man/man8/srv.8", "/usr/include/srv.h",
					     "/lib/systemd/system/srv.service", "/etc/init.d/srv", "/etc/cron.d/srv", "/etc/default/srv",
					     "/usr/lib/libsrv.a", "/usr/bin/srv-tool", "/sbin/srv-tool2", "/etc/ssl/private/key.pem" };
	char list[1024] = "/etc/srv.conf\n/usr/share/srv/data\n/usr/share/doctor/x\n/usr/share/removed\n";

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		file(paths[i], "x");
		strcat(strcat(list, paths[i]), "\n");
	}
	file("/etc/srv.conf", "x");
	file("/usr/share/srv/data", "x");
	file("/usr/share/doctor/x", "x");
	package("srv", "", list);
	opened();
	owners_of("/etc/srv.conf");
	gathered();
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (came(paths[i]))
			fail_msg("%s came", paths[i]);
	assert_true(came("/etc/srv.conf") && came("/usr/share/srv/data") && came("/usr/share/doctor/x"));
	assert_int_equal(gather.notes.count, 0);
}

// Headers come with a package for developers that is named.
static void what_linkers_read(void **state)
{
	file("/usr/include/dev.h", "x");
	file("/usr/lib/libdev.a", "x");
	file("/usr/include/srv.h", "x");
	package("dev", "Section: libdevel\n", "/usr/include/dev.h\n/usr/lib/libdev.a\n");
	package("srv", "Section: web\n", "/usr/include/srv.h\n");
	opened();
	assert_int_equal(packages_add(&packs, "dev", &why), 0);
	assert_int_equal(packages_add(&packs, "srv", &why), 0);
	gathered();
	assert_true(came("/usr/include/dev.h") && came("/usr/lib/libdev.a"));
	assert_false(came("/usr/include/srv.h"));
}

static void configuration_as_it_is(void **state)
{
	file("/etc/srv/srv.conf", "x");
	file("/etc/srv/sites/mine", "x");        // the administrator's
	file("/etc/other", "x");
	file("/etc/srv/key", "x");
	chmod(on_host("/etc/srv/key"), 0600);
	chmod(on_host("/etc/srv/srv.conf"), 0640); // the package's
	link_to("/etc/srv/nowhere", "/gone");
	file("/usr/share/mod/mod.conf", "x");
	file("/usr/lib/mod/mod.so", "x");
	link_to("/etc/srv/sites/mod", "../../../usr/share/mod/mod.conf");
	link_to("/etc/srv/circle", "circle");
	link_to("/etc/srv/up", "..");
	package("srv", "", "/etc\n/etc/srv\n/etc/srv/srv.conf\n/etc/srv/sites\n");
	package("mod", "", "/usr/share/mod/mod.conf\n/usr/lib/mod/mod.so\n");
	opened();
	owners_of("/etc/srv/srv.conf");
	gathered();
	assert_true(came("/etc/srv/sites/mine") && came("/etc/srv/sites/mod"));
	assert_true(chosen("mod") && came("/usr/lib/mod/mod.so")); // a link leads into it
	assert_true(came("/etc/srv/srv.conf"));
	assert_false(came("/etc/other") || came("/etc/srv/key"));
	assert_true(gather.notes.count >= 2);
}

static void folder_of_the_user(void **state)
{
	char text[PATH_MAX + 16];

	file("/mine/srv.conf", "mine");
	file("/etc/srv/srv.conf", "x");
	file("/etc/srv/types", "x");
	file("/etc/srv/extra", "x");
	package("srv", "", "/etc\n/etc/srv\n/etc/srv/srv.conf\n/etc/srv/types\n");
	opened();
	snprintf(text, sizeof(text), "%s:/etc/srv", on_host("/mine"));
	assert_int_equal(gather_user(&gather, on_host("/mine"), "/etc/srv", text, &why), 0);
	owners_of("/etc/srv/types");
	gathered();
	assert_true(came("/etc/srv/types"));
	assert_false(came("/etc/srv/extra")); // the folder is the user's now
}

static void folders_of_services(void **state)
{
	struct strings none = { 0 };
	struct failure ignored;
	struct node *n;

	file("/etc/passwd", "root:x:0:0:r:/root:/bin/sh\nsrv:SECRET:207:208:Mr S,room:/nonexistent:/bin/false\nuser:x:1000:1000::/home:/bin/sh\nbroken\n");
	file("/etc/group", "root:x:0:\nsrv:x:208:user,srv\nadm:x:4:user\nuser:x:1000:\n");
	file("/lib/systemd/system/srv.service", "[Service]\nUser=srv\nRuntimeDirectory=srv srv/deep\nRuntimeDirectoryMode=2755\nStateDirectory=%i\n");
	file("/usr/lib/tmpfiles.d/srv.conf", "# none\nd /run/srv-tmp 0750 srv adm -\nD /run/../esc - - -\nf /run/file 0644\nd\n\nd relative\n");
	mkdir(on_host("/var/lib/srv/"), 0755);
	file("/var/lib/srv/data.db", "x");
	package("srv", "", "/lib/systemd/system/srv.service\n/usr/lib/tmpfiles.d/srv.conf\n");
	opened();
	assert_int_equal(packages_add(&packs, "srv", &why), 0);
	gathered();
	assert_int_equal(tree_find(gather.tree, "/run/srv", false, &n, &ignored), 0);
	assert_int_equal(n->attr.mode & 07777, 02755);
	assert_int_equal(n->attr.uid, 207);
	assert_int_equal(n->attr.gid, 208);
	assert_true(came("/run/srv/deep"));
	assert_int_equal(tree_find(gather.tree, "/run/srv-tmp", false, &n, &ignored), 0);
	assert_int_equal(n->attr.mode & 07777, 0750);
	assert_int_equal(n->attr.gid, 4);
	assert_true(came("/esc"));
	assert_false(came("/run/file") || came("/var/lib/%i"));
	assert_true(came("/var/lib/srv"));
	assert_false(came("/var/lib/srv/data.db")); // data does not come by itself

	assert_int_equal(users_put(&gather, &packs.users, &why), 0);
	assert_int_equal(tree_find(gather.tree, "/etc/passwd", false, &n, &ignored), 0);
	assert_string_equal(n->content.bytes, "root:x:0:0::/root:/bin/sh\nsrv:x:207:208::/nonexistent:/bin/false\n");
	assert_int_equal(tree_find(gather.tree, "/etc/group", false, &n, &ignored), 0);
	assert_string_equal(n->content.bytes, "root:x:0:\nadm:x:4:\nsrv:x:208:srv\n");
	strings_free(&none);
}

static void users_without_files(void **state)
{
	struct strings none = { 0 };
	struct failure ignored;
	struct node *n;

	assert_int_equal(users_put(&gather, &none, &why), 0);
	assert_int_equal(tree_find(gather.tree, "/etc/passwd", false, &n, &ignored), 0);
	assert_memory_equal(n->content.bytes, "root:x:0:0:", 11);
}

static void compiled_python(void **state)
{
	file("/usr/lib/python3/a.py", "x");
	file("/usr/lib/python3/__pycache__/a.cpython-311.pyc", "x");
	file("/usr/lib/python3/__pycache__/other.cpython-311.pyc", "x");
	package("py", "", "/usr/lib/python3/a.py\n");
	opened();
	assert_int_equal(packages_add(&packs, "py", &why), 0);
	gathered();
	assert_true(came("/usr/lib/python3/__pycache__/a.cpython-311.pyc"));
	assert_false(came("/usr/lib/python3/__pycache__/other.cpython-311.pyc"));
}

static void links_on_the_way(void **state)
{
	char end[PATH_MAX];

	file("/usr/lib/real/x", "x");
	link_to("/lib", "usr/lib");
	link_to("/usr/lib/alias", "../../etc/alt");
	link_to(on_host("/etc/alt") + strlen(root), "/lib/real/x");
	assert_int_equal(gather_path(&gather, "/lib/alias", FROM_LIBRARY, NULL, end, &why), 0);
	assert_string_equal(end, "/usr/lib/real/x");
	assert_true(came("/lib/real/x") && tree_has(gather.tree, "/etc/alt") && tree_has(gather.tree, "/lib"));
	assert_int_equal(gather_path(&gather, "/lib/alias", FROM_LIBRARY, NULL, end, &why), 1);
	assert_int_equal(gather_path(&gather, "/lib/none", FROM_LIBRARY, NULL, end, &why), -ENOENT);
	link_to("/loop", "/loop");
	assert_int_equal(gather_path(&gather, "/loop", FROM_LIBRARY, NULL, end, &why), -ELOOP);
	link_to("/above", "../../../../usr/lib/real");
	assert_int_equal(gather_path(&gather, "/above/x", FROM_LIBRARY, NULL, end, &why), 0);
	assert_string_equal(end, "/usr/lib/real/x");
	assert_int_equal(gather_path(&gather, "/lib/real/x/y", FROM_LIBRARY, NULL, end, &why), -ENOTDIR);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(no_database),
		T(unknown_package),
		T(same_source),
		T(merged_folders),
		T(named_brings_its_section),
		T(not_installed),
		T(list_that_is_gone),
		T(list_with_architecture),
		T(what_is_left_out),
		T(what_linkers_read),
		T(configuration_as_it_is),
		T(folder_of_the_user),
		T(folders_of_services),
		T(users_without_files),
		T(compiled_python),
		T(links_on_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
