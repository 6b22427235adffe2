// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/fs/erofs.c against mkfs.erofs: what was put in comes out, for every layout; and what is
// cut off or changed gives errors or other data, but never a read outside the image (the image lies
// in a heap block of exactly its size, under ASan).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <asm-generic/errno.h>
#include <core/klib.h>
#include <fs/erofs.h>

#define MANY 700 /* files in one directory: several directory blocks */

static char dir[] = "/tmp/test_erofs.XXXXXX";

static void sh(const char *fmt, ...)
{
	char cmd[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(cmd, sizeof(cmd), fmt, ap);
	va_end(ap);
	assert_int_equal(system(cmd), 0);
}

static uint8_t pattern(size_t i)
{
	return (uint8_t)(i * 31 + i / 4096);
}

static void put_file(const char *name, size_t n)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/tree/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	for (size_t i = 0; i < n; i++)
		fputc(pattern(i), f);
	assert_int_equal(fclose(f), 0);
}

static const struct {
	const char *name;
	size_t len;
} files[] = {
	{ "empty", 0 },	   { "one", 1 },      { "tail", 300 },	  { "page", 4096 },
	{ "page+", 4097 }, { "big", 100000 }, { "big+", 131072 },
};

static int make_tree(void **state)
{
	assert_non_null(mkdtemp(dir));
	sh("mkdir -p %s/tree/sub/deep %s/tree/many", dir, dir);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		put_file(files[i].name, files[i].len);
	put_file("sub/deep/leaf", 10);
	sh("ln -s sub/deep/leaf %s/tree/link; ln %s/tree/tail %s/tree/hard; chmod 4755 %s/tree/one",
	   dir, dir, dir, dir);
	sh("cd %s/tree/many && for i in $(seq %d); do echo $i > file-with-a-name-$i; done", dir,
	   MANY);
	sh("cd %s && mkfs.erofs -T 1000000000 plain.img tree > /dev/null 2>&1", dir);
	sh("cd %s && mkfs.erofs -E force-inode-extended,noinline_data -T 1000000000 extended.img "
	   "tree > /dev/null 2>&1",
	   dir);
	sh("cd %s && mkfs.erofs --chunksize=4096 chunks.img tree > /dev/null 2>&1", dir);
	return 0;
}

static int remove_tree(void **state)
{
	sh("rm -rf %s", dir);
	return 0;
}

static uint8_t *load(const char *name, size_t *len)
{
	char path[512];
	struct stat st;
	uint8_t *p;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	*len = (size_t)st.st_size;
	p = malloc(*len);
	assert_int_equal(fread(p, 1, *len, f), *len);
	fclose(f);
	return p;
}

static int find(const struct erofs *fs, const char *path, struct erofs_inode *ino)
{
	uint64_t nid = fs->root;
	int r = erofs_inode_get(fs, nid, ino);

	while (!r && *path) {
		size_t len = strcspn(path, "/");

		r = erofs_lookup(fs, ino, path, len, &nid);
		if (!r)
			r = erofs_inode_get(fs, nid, ino);
		path += len + (path[len] == '/');
	}
	return r;
}

static void check_data(const struct erofs *fs, const struct erofs_inode *ino, size_t len)
{
	const uint8_t *p;
	size_t n;

	assert_int_equal(ino->size, len);
	for (uint64_t off = 0; off < len; off += n) {
		assert_int_equal(erofs_map(fs, ino, off, &p, &n), 0);
		assert_true(n > 0 && off + n <= len);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p ? p[i] : 0, pattern(off + i));
	}
	assert_int_equal(erofs_map(fs, ino, len, &p, &n), -EUCLEAN);
}

static void check_image(const char *name)
{
	struct erofs_inode ino, other;
	struct erofs fs;
	size_t len, n;
	const uint8_t *p;
	uint8_t *image = load(name, &len);

	assert_int_equal(erofs_mount(&fs, image, len), 0);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		assert_int_equal(find(&fs, files[i].name, &ino), 0);
		assert_true(S_ISREG(ino.mode));
		check_data(&fs, &ino, files[i].len);
	}
	assert_int_equal(find(&fs, "one", &ino), 0);
	assert_int_equal(ino.mode & 07777, 04755);
	assert_int_equal(find(&fs, "sub/deep/leaf", &ino), 0);
	check_data(&fs, &ino, 10);
	assert_int_equal(find(&fs, "link", &ino), 0);
	assert_true(S_ISLNK(ino.mode));
	assert_int_equal(erofs_map(&fs, &ino, 0, &p, &n), 0);
	assert_int_equal(n, 13);
	assert_memory_equal(p, "sub/deep/leaf", 13);
	assert_int_equal(find(&fs, "hard", &ino), 0);
	assert_int_equal(find(&fs, "tail", &other), 0);
	assert_int_equal(ino.nid, other.nid);
	assert_int_equal(ino.nlink, 2);
	free(image);
}

static void test_layouts(void **state)
{
	check_image("plain.img");
	check_image("extended.img");
	check_image("chunks.img");
}

static void test_times(void **state)
{
	struct erofs_inode ino;
	struct erofs fs;
	size_t len;
	uint8_t *image = load("plain.img", &len);

	assert_int_equal(erofs_mount(&fs, image, len), 0);
	assert_int_equal(find(&fs, "one", &ino), 0);
	assert_true(ino.mtime_ns == 1000000000ll * 1000000000);
	free(image);
}

static void test_many(void **state)
{
	struct erofs_inode ino, file;
	struct erofs_entry e;
	struct erofs fs;
	uint64_t pos = 0, nid;
	size_t len, count = 0, dots = 0;
	uint8_t *image = load("plain.img", &len);
	char name[64];
	int r;

	assert_int_equal(erofs_mount(&fs, image, len), 0);
	assert_int_equal(find(&fs, "many", &ino), 0);
	assert_true(ino.size > 2 * EROFS_BLOCK);
	for (int i = 1; i <= MANY; i++) {
		snprintf(name, sizeof(name), "file-with-a-name-%d", i);
		assert_int_equal(erofs_lookup(&fs, &ino, name, strlen(name), &nid), 0);
		assert_int_equal(erofs_inode_get(&fs, nid, &file), 0);
	}
	while ((r = erofs_next(&fs, &ino, &pos, &e)) > 0) {
		dots += e.name[0] == '.';
		count++;
		assert_int_equal(erofs_dtype(e.type), e.name[0] == '.' ? 4 : 8);
	}
	assert_int_equal(r, 0);
	assert_int_equal(count, MANY + 2);
	assert_int_equal(dots, 2);
	free(image);
}

static void test_absent(void **state)
{
	static const char *const names[] = { "absent", "a",	"zzzz",
					     "bi",     "big++", "many/file-with-a-name-0",
					     "many/g", "sub/x" };
	struct erofs_inode ino;
	struct erofs fs;
	size_t len;
	uint8_t *image = load("plain.img", &len);

	assert_int_equal(erofs_mount(&fs, image, len), 0);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_int_equal(find(&fs, names[i], &ino), -ENOENT);
	free(image);
}

static void test_not_erofs(void **state)
{
	uint8_t *zero = calloc(1, 8192);
	struct erofs fs;

	assert_int_equal(erofs_mount(&fs, zero, 8192), -EINVAL);
	assert_int_equal(erofs_mount(&fs, zero, 1024), -EINVAL);
	assert_int_equal(erofs_mount(&fs, zero, 0), -EINVAL);
	free(zero);
}

static void test_refused(void **state)
{
	size_t len;
	uint8_t *image = load("plain.img", &len);
	struct erofs fs;

	image[1024 + 12] = 9; // 512-byte blocks
	assert_int_equal(erofs_mount(&fs, image, len), -EOPNOTSUPP);
	image[1024 + 12] = 12;
	image[1024 + 80] |= 8; // a feature that nobody knows
	assert_int_equal(erofs_mount(&fs, image, len), -EOPNOTSUPP);
	image[1024 + 80] = 0;
	image[1024] ^= 1;
	assert_int_equal(erofs_mount(&fs, image, len), -EINVAL);
	free(image);
}

static uint64_t seen; // so that reads are not optimised away

// Reads everything that can be reached, within a budget: a changed image may have loops.
static void walk(const struct erofs *fs, uint64_t nid, int *budget, int depth)
{
	struct erofs_inode ino;
	struct erofs_entry e;
	uint64_t pos = 0, found;
	const uint8_t *p;
	size_t n;

	if (--*budget < 0 || depth > 8 || erofs_inode_get(fs, nid, &ino))
		return;
	if (!S_ISDIR(ino.mode)) {
		for (uint64_t off = 0; off < ino.size && --*budget > 0; off += n) {
			if (erofs_map(fs, &ino, off, &p, &n))
				break;
			assert_true(n > 0);
			seen += p ? p[0] + p[n - 1] : 0;
		}
		return;
	}
	while (erofs_next(fs, &ino, &pos, &e) > 0 && --*budget > 0) {
		seen += (uint8_t)e.name[0] + (uint8_t)e.name[e.len - 1];
		erofs_lookup(fs, &ino, e.name, e.len, &found);
		if (e.name[0] != '.')
			walk(fs, e.nid, budget, depth + 1);
	}
	erofs_lookup(fs, &ino, "big", 3, &found);
}

static void walk_image(const uint8_t *image, size_t len)
{
	int budget = 3000;
	struct erofs fs;

	if (!erofs_mount(&fs, image, len))
		walk(&fs, fs.root, &budget, 0);
}

static void test_cut_off(void **state)
{
	static const char *const names[] = { "plain.img", "extended.img", "chunks.img" };
	size_t len;

	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		uint8_t *image = load(names[k], &len);

		for (size_t cut = 0; cut < len; cut += cut < 12000 ? 97 : 4093) {
			uint8_t *part = malloc(cut ? cut : 1);

			memcpy(part, image, cut);
			walk_image(part, cut);
			free(part);
		}
		free(image);
	}
}

static void test_changed(void **state)
{
	static const char *const names[] = { "plain.img", "extended.img", "chunks.img" };
	static const uint8_t values[] = { 0, 0xff, 0x80 };
	size_t len;

	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		uint8_t *image = load(names[k], &len);

		for (size_t at = 1024; at < MIN(len, 12000ul); at += 7) {
			uint8_t old = image[at];

			image[at] = values[at % 3];
			walk_image(image, len);
			image[at] = old;
		}
		free(image);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layouts),	  cmocka_unit_test(test_times),
		cmocka_unit_test(test_many),	  cmocka_unit_test(test_absent),
		cmocka_unit_test(test_not_erofs), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_cut_off),	  cmocka_unit_test(test_changed),
	};

	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
