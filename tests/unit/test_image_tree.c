// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Trees: names, layers, links in paths, and everything that would lead out of one.
#include <errno.h>
#include <fcntl.h>
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

#include <image/tree_host.h>

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

static int add(const char *path, uint32_t mode, enum tree_rule rule)
{
	const struct attr a = { .mode = mode };
	struct node *n;

	return tree_add(t, path, &a, rule, &n, &why);
}

static int file(const char *path)
{
	return add(path, S_IFREG | 0644, TREE_REPLACE);
}
static int dir(const char *path)
{
	return add(path, S_IFDIR | 0755, TREE_REPLACE);
}

static void link_to(const char *path, const char *target)
{
	const struct attr a = { .mode = S_IFLNK | 0777 };
	struct node *n;

	assert_int_equal(tree_add(t, path, &a, TREE_REPLACE, &n, &why), 0);
	assert_int_equal(node_set_bytes(n, target, strlen(target)), 0);
}

static struct node *at(const char *path)
{
	struct node *n;

	return tree_find(t, path, true, &n, &why) ? NULL : n;
}

static void names_and_parents(void **state)
{
	assert_int_equal(file("/a/b/c"), 0);
	assert_true(S_ISDIR(at("a/b")->attr.mode));
	assert_int_equal(at("a")->attr.mode & 07777, 0755);
	assert_ptr_equal(at("/a//b/./c/"), at("./a/b/c"));
	assert_ptr_equal(at("/"), t->root);
	assert_ptr_equal(at(""), t->root);
	assert_int_equal(t->root->subdirs, 1);
	assert_null(at("a/x"));
	assert_string_equal(why.text, "a/x is not in the tree");
	assert_int_equal(file("a/b/c/d"), -ENOTDIR);
	assert_non_null(strstr(why.text, "a/b/c in it is not a folder"));
	assert_int_equal(file("/"), -EISDIR);
	assert_int_equal(dir("./"), 0);
}

static void entries_are_in_order(void **state)
{
	static const char *const wanted[] = { "!", "-", "A", "a", "a b", "aa", "b", "\xc3\xa4" };
	struct tree_entry *e;

	for (int i = 7; i >= 0; i--)
		assert_int_equal(file(wanted[i]), 0);
	e = node_entries(t->root);
	assert_int_equal(t->root->entry_count, 8);
	for (int i = 0; i < 8; i++)
		assert_string_equal(e[i].name, wanted[i]);
	free(e);
}

static void the_rule_counts(void **state)
{
	assert_int_equal(add("f", S_IFREG, TREE_ONCE), 0);
	assert_int_equal(add("f", S_IFREG, TREE_ONCE), -EEXIST);
	assert_string_equal(why.text, "f is given twice for the image");
	assert_int_equal(add("f", S_IFREG, TREE_REPLACE), 0);
	assert_int_equal(add("d/x", S_IFREG, TREE_ONCE), 0);
	assert_int_equal(add("d", S_IFDIR | 0700, TREE_ONCE), 0);
	assert_int_equal(at("d")->attr.mode & 07777, 0700);
	assert_non_null(at("d/x"));
	assert_int_equal(add("d", S_IFREG, TREE_ONCE), -EEXIST);
	tree_next_layer(t);
	assert_int_equal(add("d", S_IFREG, TREE_ONCE), 0);
	assert_null(at("d/x"));
	assert_int_equal(t->root->subdirs, 0);
	assert_int_equal(add("f", S_IFDIR | 0755, TREE_ONCE), 0);
}

static void dotdot_and_long_names_are_refused(void **state)
{
	static const char *const bad[] = { "..", "../x", "a/../b", "/..", "a/..", "a/../../b" };
	char name[300], path[5000];

	assert_int_equal(dir("a"), 0);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(file(bad[i]), -EXDEV);
		assert_non_null(strstr(why.text, bad[i]));
		assert_null(at(bad[i]));
	}
	assert_int_equal(file("..a/..."), 0);
	memset(name, 'n', sizeof(name));
	name[256] = 0;
	assert_int_equal(file(name), -ENAMETOOLONG);
	name[255] = 0;
	assert_int_equal(file(name), 0);
	for (size_t i = 0; i < sizeof(path) - 1; i += 2)
		memcpy(path + i, "d/", 2);
	path[4096] = 0;
	assert_int_equal(file(path), -ENAMETOOLONG);
	path[4095] = 0;
	assert_int_equal(file(path), 0);
	assert_non_null(at(path));
}

static void links_in_the_middle(void **state)
{
	assert_int_equal(dir("usr/lib"), 0);
	link_to("lib", "usr/lib");
	link_to("abs", "/usr/../usr/lib");
	assert_int_equal(file("lib/one"), 0);
	assert_int_equal(file("abs/two"), 0);
	assert_non_null(at("usr/lib/one"));
	assert_non_null(at("usr/lib/two"));
	link_to("usr/lib/up", "../../usr");
	assert_ptr_equal(at("lib/up"), at("usr"));
	assert_int_equal(file("lib/up/three"), 0);
	assert_non_null(at("usr/three"));
	assert_int_equal(dir("lib"), 0); // the link itself gives way, as in docker
	assert_null(at("lib/one"));
	assert_non_null(at("usr/lib/one"));
}

static void links_that_lead_out(void **state)
{
	assert_int_equal(dir("sub"), 0);
	link_to("sub/out", "../../etc");
	link_to("nowhere", "/etc");
	link_to("a", "b");
	link_to("b", "a");
	link_to("self", "self/x");
	link_to("empty", "");
	assert_int_equal(file("sub/out/passwd"), -EXDEV);
	assert_non_null(strstr(why.text, "leads out of the tree"));
	assert_int_equal(file("nowhere/passwd"), -ENOENT);
	assert_non_null(
		strstr(why.text, "nowhere/passwd goes through a link to /etc, which is not"));
	assert_int_equal(file("a/x"), -ELOOP);
	assert_non_null(strstr(why.text, "circle"));
	assert_int_equal(file("self/x"), -ELOOP);
	assert_null(at("a"));
	assert_null(at("etc"));
	assert_int_equal(t->root->subdirs, 1);
}

static void hard_links(void **state)
{
	assert_int_equal(file("d/a"), 0);
	assert_int_equal(tree_link(t, "b", "d/a", TREE_REPLACE, &why), 0);
	assert_ptr_equal(at("b"), at("d/a"));
	assert_int_equal(at("b")->names, 2);
	assert_int_equal(tree_link(t, "b", "b", TREE_REPLACE, &why), 0);
	assert_int_equal(tree_link(t, "d", "d/a", TREE_REPLACE, &why), 0); // d goes, its file stays
	assert_ptr_equal(at("b"), at("d"));
	assert_int_equal(at("b")->names, 2);
	assert_int_equal(dir("e"), 0);
	assert_int_equal(tree_link(t, "f", "e", TREE_REPLACE, &why), -EPERM);
	assert_int_equal(tree_link(t, "f", "../x", TREE_REPLACE, &why), -EXDEV);
	assert_int_equal(tree_link(t, "f", "x", TREE_REPLACE, &why), -ENOENT);
	assert_string_equal(why.text, "the hard link f: x is not in the tree");
	link_to("l", "gone");
	assert_int_equal(tree_link(t, "l2", "l", TREE_REPLACE, &why), 0); // of the link itself
	assert_false(tree_has(t, "f"));
}

static void whiteouts(void **state)
{
	assert_int_equal(file("d/low"), 0);
	assert_int_equal(file("d/sub/low"), 0);
	assert_int_equal(file("d/sub2/low"), 0);
	assert_int_equal(file("gone/x"), 0);
	tree_next_layer(t);
	assert_int_equal(file("d/high"), 0);
	assert_int_equal(file("d/sub/high"), 0);
	assert_int_equal(tree_hide(t, "gone", &why), 0);
	assert_int_equal(tree_hide(t, "d/high", &why), 0); // of this layer
	assert_int_equal(tree_hide(t, "not/there", &why), 0);
	assert_int_equal(tree_hide(t, "d/low/x", &why), 0);
	assert_int_equal(tree_hide_all(t, "d", &why), 0);
	assert_null(at("gone"));
	assert_non_null(at("d/high"));
	assert_non_null(at("d/sub/high"));
	assert_null(at("d/low"));
	assert_null(at("d/sub/low"));
	assert_null(at("d/sub2"));
	assert_int_equal(tree_hide(t, "../x", &why), -EXDEV);
	assert_int_equal(tree_hide_all(t, "not/there", &why), 0);
	assert_int_equal(tree_hide_all(t, "d/high", &why), 0);
	assert_int_equal(tree_hide(t, "/", &why), 0);
}

static void depth_is_bounded(void **state)
{
	char path[2 + 2 * 1500 + 1] = "l/";

	for (int i = 0; i < 1500; i++)
		strcat(path, "d/");
	assert_int_equal(dir(path + 2), 0);
	link_to("l", path + 2);
	assert_int_equal(dir(path), -ENAMETOOLONG);
}

static void content_in_extents(void **state)
{
	char buf[32], dirname[] = "/tmp/test_image_tree.XXXXXX";
	struct node *n;
	int fd, in;

	assert_int_equal(file("f"), 0);
	n = at("f");
	fd = mkstemp(dirname);
	unlink(dirname);
	assert_int_equal(write(fd, "0123456789", 10), 10);
	assert_int_equal(node_add_extent(n, fd, 2, 3, 0), 0);
	assert_int_equal(node_add_extent(n, fd, 5, 1, 3), 0);
	assert_int_equal(n->content.extents, 1);
	assert_int_equal(node_add_extent(n, fd, 8, 2, 7), 0);
	n->size = 12;
	assert_int_equal(node_open(n, &in, &why), 0);
	assert_int_equal(node_read(n, in, buf, 12, 0, &why), 0);
	assert_memory_equal(buf,
			    "\0\0"
			    "0123"
			    "\0\0"
			    "78"
			    "\0\0",
			    12);
	assert_int_equal(node_read(n, in, buf, 4, 5, &why), 0);
	assert_memory_equal(buf,
			    "3\0\0"
			    "7",
			    4);
	assert_int_equal(node_read(n, in, buf, 4, 9, &why), -EINVAL);
	assert_int_equal(node_add_extent(n, fd, 10, 2, 9), 0); // the source ends
	assert_int_equal(node_read(n, in, buf, 12, 0, &why), -EIO);
	close(fd);
}

static void folders_of_the_host(void **state)
{
	char top[] = "/tmp/test_image_tree.XXXXXX", cmd[512];
	struct node *n;
	int in;

	assert_non_null(mkdtemp(top));
	snprintf(cmd, sizeof(cmd),
		 "cd %s && mkdir -p d/empty && echo hi > d/f && ln d/f d/g && ln -s /f d/l && "
		 "chmod 4750 d/f "
		 "&& touch -d @1000000000.5 d/f && truncate -s 1M d/sparse && mkfifo d/p",
		 top);
	assert_int_equal(system(cmd), 0);
	assert_int_equal(tree_add_host(t, top, "/x", HOST_FILES, &why), -EINVAL);
	assert_non_null(strstr(why.text, "/d/p is neither a file, a folder nor a link"));
	assert_int_equal(tree_add_host(t, top, "/", HOST_ROOT, &why), 0);
	n = at("d/f");
	assert_int_equal(n->attr.mode, S_IFREG | 04750);
	assert_int_equal(n->attr.mtime, 1000000000);
	assert_int_equal(n->attr.mtime_nsec, 500000000);
	assert_int_equal(n->attr.uid, 0);
	assert_ptr_equal(n, at("d/g"));
	assert_int_equal(at("d/sparse")->content.extents, 0);
	assert_true(S_ISFIFO(at("d/p")->attr.mode));
	assert_non_null(at("d/empty"));
	assert_int_equal(tree_find(t, "d/l", false, &n, &why), 0);
	assert_string_equal(n->content.bytes, "/f");
	snprintf(cmd, sizeof(cmd), "echo longer > %s/d/f", top);
	assert_int_equal(system(cmd), 0);
	assert_int_equal(node_open(at("d/f"), &in, &why), -EIO);
	// Which of its two names is told depends on the folder's order.
	assert_non_null(strstr(why.text, "was changed while it was read"));
	snprintf(cmd, sizeof(cmd), "rm -r %s", top);
	assert_int_equal(system(cmd), 0);
	assert_int_equal(node_open(at("d/f"), &in, &why), -ENOENT);
	assert_int_equal(tree_add_host(t, top, "/y", HOST_ROOT, &why), -ENOENT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)
	const struct CMUnitTest tests[] = {
		TEST(names_and_parents),   TEST(entries_are_in_order),
		TEST(the_rule_counts),	   TEST(dotdot_and_long_names_are_refused),
		TEST(links_in_the_middle), TEST(links_that_lead_out),
		TEST(hard_links),	   TEST(whiteouts),
		TEST(depth_is_bounded),	   TEST(content_in_extents),
		TEST(folders_of_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
