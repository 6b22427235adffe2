// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The EROFS writer: what goes in comes out of the library OS's own reader (kernel/fs/erofs.c), in
// the order and places that in-place reading needs; fsck.erofs has nothing to say; broken sources
// are errors.
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <image/erofs.h>
#include <image/erofs_priv.h>
#include <fs/erofs.h>

#define BASE 8192 // where it begins in the file

static struct tree *t;
static struct failure why;
static char path[] = "/tmp/test_image_erofs.XXXXXX";
static int image, source;
static const uint8_t *map;
static uint64_t len;
static struct erofs fs;

static int start(void **state)
{
	char name[] = "/tmp/test_image_erofs_src.XXXXXX";

	strcpy(path + sizeof(path) - 7, "XXXXXX");
	t = tree_new();
	image = mkstemp(path);
	source = mkstemp(name);
	unlink(name);
	return t && image >= 0 && source >= 0 ? 0 : -1;
}

static int end(void **state)
{
	tree_free(t);
	if (map)
		munmap((void *)map, BASE + len);
	map = NULL;
	close(image);
	close(source);
	unlink(path);
	return 0;
}

static uint8_t pattern(uint64_t i)
{
	return (uint8_t)(i * 31 + i / 4096 + 1);
}

static struct node *add(const char *name, struct attr a)
{
	struct node *n;

	assert_int_equal(tree_add(t, name, &a, TREE_ONCE, &n, &why), 0);
	return n;
}

static struct node *add_file(const char *name, uint64_t size)
{
	struct node *n = add(name, (struct attr){ .mode = S_IFREG | 0644 });
	off_t at = lseek(source, 0, SEEK_END);

	for (uint64_t i = 0; i < size; i++) {
		uint8_t b = pattern(i);

		if (size < 100000 || i % 4096 == 0)
			assert_int_equal(pwrite(source, &b, 1, at + (off_t)i), 1);
	}
	assert_int_equal(ftruncate(source, at + (off_t)size), 0);
	n->size = size;
	if (size)
		assert_int_equal(node_add_extent(n, source, 0, size, (uint64_t)at), 0);
	return n;
}

// Writes, asks fsck.erofs, and opens with the reader.
static void write_it(void)
{
	char cmd[512];

	assert_int_equal(erofs_write(t, image, BASE, &len, &why), 0);
	assert_int_equal(lseek(image, 0, SEEK_END), BASE + len);
	map = mmap(NULL, BASE + len, PROT_READ, MAP_SHARED, image, 0);
	assert_true(map != MAP_FAILED);
	assert_int_equal(erofs_mount(&fs, map + BASE, len), 0);
	snprintf(cmd, sizeof(cmd),
		 "dd if=%s of=%s.fs bs=4096 skip=2 conv=sparse status=none && fsck.erofs %s.fs > "
		 "%s.out 2>&1; "
		 "s=$?; [ $s = 0 ] || cat %s.out; rm -f %s.fs %s.out; exit $s",
		 path, path, path, path, path, path, path);
	assert_int_equal(system(cmd), 0);
}

static struct erofs_inode find(const char *p)
{
	struct erofs_inode ino;
	uint64_t nid = fs.root;

	assert_int_equal(erofs_inode_get(&fs, nid, &ino), 0);
	while (*p) {
		size_t n = strcspn(p, "/");

		assert_int_equal(erofs_lookup(&fs, &ino, p, n, &nid), 0);
		assert_int_equal(erofs_inode_get(&fs, nid, &ino), 0);
		p += n + (p[n] == '/');
	}
	return ino;
}

static void check_file(const char *name, uint64_t size)
{
	struct erofs_inode ino = find(name);
	const uint8_t *p;
	size_t n;

	assert_int_equal(ino.size, size);
	for (uint64_t off = 0; off < size; off += n) {
		assert_int_equal(erofs_map(&fs, &ino, off, &p, &n), 0);
		assert_non_null(p);
		// Whole pages can be mapped.
		if (n >= EROFS_BLOCK)
			assert_int_equal((uintptr_t)(p - map) % EROFS_BLOCK, 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], pattern(off + i));
	}
}

static const uint64_t sizes[] = { 0,	1,    300,  4031, 4032, 4033,  4063,  4064, 4065,
				  4095, 4096, 4097, 8191, 8192, 20000, 65536, 99999 };
#define SIZES (sizeof(sizes) / sizeof(*sizes))

static void files_of_all_sizes(void **state)
{
	char name[32];

	for (size_t i = 0; i < SIZES; i++) {
		snprintf(name, sizeof(name), "d/%llu", (unsigned long long)sizes[i]);
		add_file(name, sizes[i])->attr.mtime = i % 2 ? 1234567890 : 0;
	}
	write_it();
	for (size_t i = 0; i < SIZES; i++) {
		snprintf(name, sizeof(name), "d/%llu", (unsigned long long)sizes[i]);
		check_file(name, sizes[i]);
		assert_true(find(name).mtime_ns == (i % 2 ? 1234567890ll * 1000000000 : 0));
	}
}

static void attributes(void **state)
{
	const struct attr big = { .mode = S_IFREG | 06755,
				  .uid = 4000000000u,
				  .gid = 70000,
				  .mtime = -5,
				  .mtime_nsec = 7 };
	struct erofs_inode ino;
	struct node *n = add("big", big);

	add("small", (struct attr){ .mode = S_IFREG | 01600, .uid = 65535, .gid = 1 });
	add("null", (struct attr){ .mode = S_IFCHR | 0666, .major = 1, .minor = 3 });
	add("far", (struct attr){ .mode = S_IFBLK | 0600, .major = 0xabc, .minor = 0x12345 });
	add("fifo", (struct attr){ .mode = S_IFIFO | 0600 });
	add("sock", (struct attr){ .mode = S_IFSOCK | 0600 });
	assert_int_equal(node_set_bytes(n, "x", 1), 0);
	assert_int_equal(tree_link(t, "d/other", "big", TREE_ONCE, &why), 0);
	write_it();
	ino = find("d/other");
	assert_int_equal(ino.nid, find("big").nid);
	assert_int_equal(ino.nlink, 2);
	assert_int_equal(ino.mode, S_IFREG | 06755);
	assert_true(ino.uid == 4000000000u && ino.gid == 70000);
	assert_true(ino.mtime_ns == -5000000000ll + 7);
	ino = find("small");
	assert_int_equal(ino.mode, S_IFREG | 01600);
	assert_int_equal(ino.uid, 65535);
	assert_int_equal(find("null").addr, 0x103);
	assert_int_equal(find("far").addr, 0x45 | 0xabc << 8 | 0x12300 << 12);
	assert_true(S_ISFIFO(find("fifo").mode) && S_ISSOCK(find("sock").mode));
	assert_int_equal(find("").nlink, 3);
	assert_int_equal(find("d").nlink, 2);
	assert_int_equal(fs.inodes, 8);
}

static void links_long_and_short(void **state)
{
	static const size_t lens[] = { 1, 100, 4000, 4064, 4095 };
	char target[4096], name[16];
	const uint8_t *p;
	size_t n;

	memset(target, 't', sizeof(target));
	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		assert_int_equal(node_set_bytes(add(name, (struct attr){ .mode = S_IFLNK | 0777 }),
						target, lens[i]),
				 0);
	}
	write_it();
	for (int i = 0; i < 5; i++) {
		struct erofs_inode ino;

		snprintf(name, sizeof(name), "l%d", i);
		ino = find(name);
		assert_int_equal(ino.size, lens[i]);
		assert_int_equal(erofs_map(&fs, &ino, 0, &p, &n), 0);
		assert_int_equal(n, lens[i]);
		assert_memory_equal(p, target, n);
	}
}

// Directories of one block, of many, with names that fill a block exactly, and with names below
// ".".
static void directories(void **state)
{
	char name[300];
	struct erofs_inode dir;
	struct erofs_entry e;
	uint64_t pos = 0;
	size_t count = 0;

	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "many/%0*d", i % 200 + 1, i);
		add(name, (struct attr){ .mode = S_IFREG });
	}
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "wide/%02d%0253d", i, 0);
		add(name, (struct attr){ .mode = S_IFREG });
	}
	add("low/!", (struct attr){ .mode = S_IFREG });
	add("low/-", (struct attr){ .mode = S_IFREG });
	add("low/.!", (struct attr){ .mode = S_IFDIR });
	add("low/..!", (struct attr){ .mode = S_IFREG });
	write_it();
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "many/%0*d", i % 200 + 1, i);
		find(name);
	}
	dir = find("wide");
	while (erofs_next(&fs, &dir, &pos, &e) > 0)
		count++;
	assert_int_equal(count, 42);
	find("low/!");
	find("low/.!");
	find("low/..!");
	assert_int_equal(find("low/.").nid, find("low").nid);
	assert_int_equal(find("low/.!/..").nid, find("low").nid);
	assert_int_equal(find("..").nid, fs.root);
}

static void holes(void **state)
{
	struct node *n = add("sparse", (struct attr){ .mode = S_IFREG | 0644 });
	struct node *all = add("hole", (struct attr){ .mode = S_IFREG | 0644 });
	struct erofs_inode ino;
	const uint8_t *p;
	uint64_t seen = 0;
	size_t got;

	assert_int_equal(write(source, "datadata", 8), 8);
	n->size = (6ull << 30) + 5;
	assert_int_equal(node_add_extent(n, source, 5000, 4, 0), 0);
	assert_int_equal(node_add_extent(n, source, 3ull << 30, 8, 0), 0);
	assert_int_equal(node_add_extent(n, source, (6ull << 30) + 1, 4, 4), 0);
	all->size = 1ull << 40;
	write_it();
	assert_true(len < 16 << 20);
	ino = find("sparse");
	assert_true(ino.size == n->size);
	for (uint64_t off = 0; off < ino.size; off += got) {
		assert_int_equal(erofs_map(&fs, &ino, off, &p, &got), 0);
		assert_true(got > 0);
		for (size_t i = 0; p && i < got; i++)
			seen += p[i] != 0;
	}
	assert_int_equal(seen, 16);
	assert_int_equal(erofs_map(&fs, &ino, 5000, &p, &got), 0);
	assert_memory_equal(p, "data", 4);
	assert_int_equal(erofs_map(&fs, &ino, 3ull << 30, &p, &got), 0);
	assert_memory_equal(p, "datadata", 8);
	assert_int_equal(erofs_map(&fs, &ino, (6ull << 30) + 1, &p, &got), 0);
	assert_int_equal(got, 4);
	assert_memory_equal(p, "data", 4);
	assert_true(find("hole").size == 1ull << 40);
}

static void chunks_are_counted(void **state)
{
	struct node *n = add("f", (struct attr){ .mode = S_IFREG });

	n->size = 1 << 20;
	assert_int_equal(node_add_extent(n, source, 0, 4096, 0), 0);
	assert_int_equal(node_add_extent(n, source, 5000, 100, 5000), 0);
	assert_int_equal(node_add_extent(n, source, 5200, 4000, 5200), 0);
	assert_int_equal(chunks_with_data(n, 12), 3);
	assert_int_equal(chunks_with_data(n, 13), 2);
	assert_int_equal(chunks_with_data(n, 20), 1);
}

static void more_files_than_a_root_number_has_bits(void **state)
{
	char name[64];

	for (int i = 0; i < 70000; i++) {
		snprintf(name, sizeof(name), "%d/%d", i % 100, i);
		add(name, (struct attr){ .mode = S_IFREG, .mtime = 1 });
	}
	write_it();
	assert_int_equal(find("7/7").mode, S_IFREG);
	assert_int_equal(find("99/69999").mode, S_IFREG);
}

static void the_same_bytes(void **state)
{
	static const char *const order[2][4] = { { "b", "a/x", "a/y", "c" },
						 { "a/y", "c", "b", "a/x" } };
	uint8_t *first = NULL;
	uint64_t first_len = 0;

	for (int i = 0; i < 2; i++) {
		if (i) {
			end(NULL);
			assert_int_equal(start(NULL), 0);
		}
		for (int k = 0; k < 4; k++)
			assert_int_equal(
				node_set_bytes(add(order[i][k], (struct attr){ .mode = S_IFREG }),
					       order[i][k], strlen(order[i][k])),
				0);
		write_it();
		if (!i) {
			first_len = len;
			first = malloc(len);
			memcpy(first, map + BASE, len);
		}
	}
	assert_int_equal(first_len, len);
	assert_memory_equal(first, map + BASE, len);
	free(first);
}

static void sources_that_fail(void **state)
{
	struct node *n = add_file("f", 20000);

	assert_int_equal(ftruncate(source, 10000), 0);
	assert_int_equal(erofs_write(t, image, BASE, &len, &why), -EIO);
	assert_non_null(strstr(why.text, "cannot copy a file into the image"));
	n->size = 300;
	n->content.extent[0].at = 20000;
	n->out.number = t->root->out.number = 0;
	n->out.written = t->root->out.written = false;
	assert_int_equal(erofs_write(t, image, BASE, &len, &why), -EIO);
	assert_non_null(strstr(why.text, "cannot read"));
}

static void images_that_cannot_be_written(void **state)
{
	int ro = open(path, O_RDONLY);

	add_file("f", 20000);
	assert_int_equal(erofs_write(t, ro, 0, &len, &why), -EINVAL); // ftruncate(2)
	assert_non_null(strstr(why.text, "cannot write the root file system"));
	close(ro);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)
	const struct CMUnitTest tests[] = {
		TEST(files_of_all_sizes),
		TEST(attributes),
		TEST(links_long_and_short),
		TEST(directories),
		TEST(holes),
		TEST(chunks_are_counted),
		TEST(more_files_than_a_root_number_has_bits),
		TEST(the_same_bytes),
		TEST(sources_that_fail),
		TEST(images_that_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
