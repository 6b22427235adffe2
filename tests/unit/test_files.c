// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The root file system (tmpfs over EROFS, look-up, open) against Linux's: the same random calls on
// a tree in an image and on a copy of it in a directory of the host must give the same results, and
// leave the same tree. Paths never lead out of the tree: ".." only comes behind a name, and links
// point down.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "fs/fakes.h"
#include <fs/erofs.h>
#include <fs/file.h>
#include <fs/vnode.h>
#include <linux/process.h>

#define CALLS 60000
#define FD 5 // where both have the file that a call works on

long sys_openat(int dirfd, const char *path, unsigned flags, unsigned mode);
long sys_read(int fd, void *buf, size_t n);
long sys_write(int fd, const void *buf, size_t n);
long sys_pread64(int fd, void *buf, size_t n, int64_t off);
long sys_pwrite64(int fd, const void *buf, size_t n, int64_t off);
long sys_lseek(int fd, int64_t off, unsigned whence);
long sys_close(int fd);
long sys_mkdir(const char *path, unsigned mode);
long sys_rmdir(const char *path);
long sys_unlink(const char *path);
long sys_rename(const char *from, const char *to);
long sys_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);
long sys_link(const char *from, const char *to);
long sys_symlink(const char *target, const char *path);
long sys_readlink(const char *path, void *buf, int size);
long sys_truncate(const char *path, int64_t size);
long sys_chmod(const char *path, unsigned mode);
long sys_lstat(const char *path, struct stat *st);
long sys_stat(const char *path, struct stat *st);
long sys_getdents64(int fd, void *buf, unsigned size);
long sys_chdir(const char *path);
long sys_getcwd(char *buf, size_t size);
long sys_fallocate(int fd, unsigned mode, int64_t off, int64_t len);

// Not in this test.
int devfs_populate(struct vnode *root) { return 0; }
int procfs_mount(struct vnode *root) { return 0; }
// There are no volumes here.
int volfs_mount(const struct boot_block *boot, struct vnode *root) { return 0; }
int volfs_unlink(struct vnode *dir, const char *name, size_t len, bool directory) { return -ENOSYS; }
int volfs_allocate(struct vnode *v, unsigned mode, uint64_t off, uint64_t len) { return -ENOSYS; }
int mm_punch(struct mm *mm, uintptr_t start, uintptr_t end) { return -ENOSYS; }
int chrdev_open(uint64_t rdev, struct file *f) { return -ENXIO; }

ssize_t string_from_user(char *dst, const char *user, size_t size)
{
	size_t n = strlen(user) + 1;

	if (n > size)
		return -ENAMETOOLONG;
	memcpy(dst, user, n);
	return (ssize_t)n - 1;
}

static char dir[] = "/tmp/test_files.XXXXXX";
static struct erofs image;
static void *image_bytes;

static void sh(const char *cmd)
{
	char line[1024];

	snprintf(line, sizeof(line), "cd %s && %s", dir, cmd);
	assert_int_equal(system(line), 0);
}

static int begin(void **state)
{
	char path[512];
	struct stat st;
	FILE *f;

	assert_non_null(mkdtemp(dir));
	umask(022);
	sh("mkdir -p host/a/b host/c && cd host && seq 9000 > a/b/c && echo one > a/a && echo two "
	   "> b && : > c/a && "
	   "ln b c/b && ln -s a/b l && ln -s nowhere a/l && ln -s b c/c && ln -s l c/l");
	sh("mkfs.erofs -T 1 image host > /dev/null");
	snprintf(path, sizeof(path), "%s/image", dir);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	image_bytes = aligned_alloc(4096, (size_t)st.st_size);
	assert_int_equal(fread(image_bytes, 1, (size_t)st.st_size, f), st.st_size);
	fclose(f);
	fakes_begin();
	assert_int_equal(erofs_mount(&image, image_bytes, (size_t)st.st_size), 0);
	assert_int_equal(tmpfs_root(&image, &current_process()->root), 0);
	current_process()->cwd = vnode_get(current_process()->root);
	snprintf(path, sizeof(path), "%s/host", dir);
	assert_int_equal(chdir(path), 0);
	return 0;
}

static int end(void **state)
{
	assert_int_equal(chdir("/"), 0);
	sh("rm -rf host image");
	free(image_bytes);
	return rmdir(dir);
}

static unsigned rnd(unsigned n)
{
	return (unsigned)random() % n;
}

static char *make_path(char *buf)
{
	static const char *const names[] = { "a", "b", "c", "d", "l", "a", "b" };
	unsigned n = 1 + rnd(3), names_so_far = 0;

	*buf = 0;
	for (unsigned i = 0; i < n; i++) {
		unsigned k = rnd(20);

		if (i)
			strcat(buf, k == 7 ? "//" : "/");
		if (k == 0 && names_so_far) {
			strcat(buf, "..");
			names_so_far--;
		} else if (k == 1) {
			strcat(buf, ".");
		} else {
			strcat(buf, names[rnd(ARRAY_LEN(names))]);
			names_so_far++;
		}
	}
	if (!rnd(15))
		strcat(buf, "/");
	return buf;
}

static char what[512]; // the call, for messages

static void same(long ours, long host)
{
	if (host < 0)
		host = -errno;
	if (ours != host)
		fail_msg("%s: %ld here, %ld on Linux", what, ours, host);
}

static void same_bytes(const void *a, const void *b, long n)
{
	if (n > 0 && memcmp(a, b, (size_t)n))
		fail_msg("%s: other data", what);
}

static void same_stat(const char *path, bool follow)
{
	struct stat a, b;
	long r = follow ? sys_stat(path, &a) : sys_lstat(path, &a);

	snprintf(what, sizeof(what), "stat(%s, %d)", path, follow);
	same(r, follow ? stat(path, &b) : lstat(path, &b));
	if (r)
		return;
	if (a.st_mode != b.st_mode || (S_ISREG(a.st_mode) && a.st_size != b.st_size) ||
	    (!S_ISDIR(a.st_mode) && a.st_nlink != b.st_nlink))
		fail_msg("%s: mode %o %o, size %ld %ld, links %ld %ld", what, a.st_mode, b.st_mode,
			 (long)a.st_size, (long)b.st_size, (long)a.st_nlink, (long)b.st_nlink);
}

// One open file on both sides: reads and writes at random places.
static void use_file(unsigned flags)
{
	static uint8_t a[20000], b[20000];
	long n, off, got;

	for (unsigned i = rnd(4); i; i--) {
		n = rnd(rnd(4) ? 200 : sizeof(a));
		off = rnd(50000);
		for (long k = 0; k < n; k++)
			a[k] = b[k] = (uint8_t)rnd(256);
		switch (rnd(6)) {
		case 0:
			same(sys_pwrite64(FD, a, (size_t)n, off), pwrite(FD, a, (size_t)n, off));
			break;
		case 1:
			got = pread(FD, b, (size_t)n, off);
			same(sys_pread64(FD, a, (size_t)n, off), got);
			same_bytes(a, b, got);
			break;
		case 2: same(sys_write(FD, a, (size_t)n), write(FD, a, (size_t)n)); break;
		case 3:
			got = read(FD, b, (size_t)n);
			same(sys_read(FD, a, (size_t)n), got);
			same_bytes(a, b, got);
			break;
		case 4: same(sys_lseek(FD, off, SEEK_SET), lseek(FD, off, SEEK_SET)); break;
		default:
			if (flags & O_ACCMODE)
				same(sys_fallocate(FD, 3, off, n + 1),
				     fallocate(FD, 3, off, n + 1));
			break;
		}
	}
}

static void call_open(const char *path)
{
	static const unsigned extra[] = { O_CREAT,  O_TRUNC,	 O_EXCL,
					  O_APPEND, O_DIRECTORY, O_NOFOLLOW };
	unsigned flags = rnd(3);
	int fd;
	long r;

	for (size_t i = 0; i < ARRAY_LEN(extra); i++)
		if (!rnd(i < 2 ? 2 : 8))
			flags |= extra[i];
	// What Linux does with these is not said anywhere, and has changed.
	if ((flags & O_EXCL && !(flags & O_CREAT)) ||
	    ((flags & O_CREAT) && (flags & O_DIRECTORY)) ||
	    ((flags & O_TRUNC) && !(flags & O_ACCMODE)))
		return;
	snprintf(what, sizeof(what), "open(%s, %o)", path, flags);
	r = sys_openat(-100, path, flags, 0644);
	fd = open(path, (int)flags, 0644);
	if (fd >= 0) {
		assert_int_equal(dup2(fd, FD), FD);
		if (fd != FD)
			close(fd);
	}
	same(r < 0 ? r : 0, fd < 0 ? -1 : 0);
	if (fd < 0)
		return;
	if (r != FD) {
		struct file *f = fd_get((int)r);

		fd_install_at(current_process()->files, FD, f, false);
		sys_close((int)r);
	}
	use_file(flags);
	same(sys_close(FD), close(FD));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void call_list(const char *path)
{
	static char buf[3][8192];
	char *names[2][256];
	unsigned count[2] = { 0, 0 };
	int host = open(path, O_RDONLY | O_DIRECTORY);
	long ours, n;

	snprintf(what, sizeof(what), "list(%s)", path);
	ours = sys_openat(-100, path, O_RDONLY | O_DIRECTORY, 0);
	same(ours < 0 ? ours : 0, host < 0 ? -1 : 0);
	if (host < 0)
		return;
	for (int k = 0; k < 2; k++) {
		size_t used = 0;
		unsigned room = 60 + rnd(2000); // ours in small pieces

		while ((n = k ? getdents64(host, buf[k] + used, sizeof(buf[k]) - used) :
				sys_getdents64((int)ours, buf[k] + used, room)) > 0)
			for (long at = 0; at < n;) {
				struct dirent64 *d = (struct dirent64 *)(buf[k] + used);

				names[k][count[k]++] = d->d_name;
				used += d->d_reclen;
				at += d->d_reclen;
			}
		if (n)
			fail_msg("%s: getdents64 gives %ld", what, n);
		qsort(names[k], count[k], sizeof(char *), by_name);
	}
	assert_int_equal(count[0], count[1]);
	for (unsigned i = 0; i < count[0]; i++)
		assert_string_equal(names[0][i], names[1][i]);
	sys_close((int)ours);
	close(host);
}

static void call_readlink(const char *path)
{
	char a[64], b[64];
	long n = readlink(path, b, sizeof(b));

	snprintf(what, sizeof(what), "readlink(%s)", path);
	same(sys_readlink(path, a, sizeof(a)), n);
	same_bytes(a, b, n);
}

static void call_truncate(const char *path)
{
	long size = rnd(60000);

	snprintf(what, sizeof(what), "truncate(%s, %ld)", path, size);
	same(sys_truncate(path, size), truncate(path, size));
}

static void call_rename(const char *p, const char *q)
{
	unsigned flags = rnd(4);

	flags = flags == 3 ? 0 : flags;
	snprintf(what, sizeof(what), "rename(%s, %s, %u)", p, q, flags);
	if (flags)
		same(sys_renameat2(-100, p, -100, q, flags),
		     renameat2(AT_FDCWD, p, AT_FDCWD, q, flags));
	else
		same(sys_rename(p, q), rename(p, q));
}

#define CALL1(name, p, ...) do { \
	snprintf(what, sizeof(what), #name "(%s)", p); \
	same(sys_##name(p, ##__VA_ARGS__), name(p, ##__VA_ARGS__)); \
} while (0)
#define CALL2(name, p, q) do { \
	snprintf(what, sizeof(what), #name "(%s, %s)", p, q); \
	same(sys_##name(p, q), name(p, q)); \
} while (0)

static void one_call(void)
{
	static const char *const targets[] = { "a", "b", "c/a", "d", "l", "nowhere" };
	const char *target = targets[rnd(ARRAY_LEN(targets))];
	unsigned mode = 0700 | rnd(64);
	char p[64], q[64];

	make_path(p);
	make_path(q);
	switch (rnd(14)) {
	case 0: CALL1(mkdir, p, 0755); break;
	case 1: CALL1(rmdir, p); break;
	case 2: CALL1(unlink, p); break;
	case 3: call_rename(p, q); break;
	case 4: CALL2(link, p, q); break;
	case 5: CALL2(symlink, target, p); break;
	case 6: call_readlink(p); break;
	case 7: call_truncate(p); break;
	case 8: CALL1(chmod, p, mode); break;
	case 9: same_stat(p, true); break;
	case 10: same_stat(p, false); break;
	case 11: call_list(p); break;
	default: call_open(p); break;
	}
}

// Everything below a directory, by the paths of both sides.
static void same_tree(const char *path, int depth)
{
	static uint8_t a[70000], b[70000];
	char below[600];
	struct dirent *e;
	struct stat st;
	DIR *d;
	int fd;

	same_stat(path, false);
	assert_int_equal(lstat(path, &st), 0);
	snprintf(what, sizeof(what), "contents of %s", path);
	if (S_ISREG(st.st_mode)) {
		fd = open(path, O_RDONLY);
		assert_true(fd >= 0);
		assert_int_equal(sys_openat(-100, path, O_RDONLY, 0), 0);
		long n = read(fd, b, sizeof(b));

		same(sys_read(0, a, sizeof(a)), n);
		same_bytes(a, b, n);
		close(fd);
		sys_close(0);
	}
	if (S_ISLNK(st.st_mode))
		call_readlink(path);
	if (!S_ISDIR(st.st_mode) || depth > 30)
		return;
	call_list(path);
	d = opendir(path);
	while ((e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, e->d_name);
		same_tree(below, depth + 1);
	}
	closedir(d);
}

static void test_against_linux(void **state)
{
	srandom(7);
	same_tree(".", 0);
	for (int i = 0; i < CALLS; i++) {
		one_call();
		if (i % 2000 == 0)
			same_tree(".", 0);
	}
	same_tree(".", 0);
}

static void test_limits(void **state)
{
	char name[300], *path = malloc(6000);

	memset(name, 'n', sizeof(name));
	name[256] = 0;
	assert_int_equal(sys_mkdir(name, 0700), -ENAMETOOLONG);
	name[255] = 0;
	assert_int_equal(sys_mkdir(name, 0700), 0);
	assert_int_equal(sys_rmdir(name), 0);
	memset(path, '/', 5999);
	path[5999] = 0;
	assert_int_equal(sys_rmdir(path), -ENAMETOOLONG);
	path[4000] = 0;
	assert_int_equal(sys_rmdir(path), -EBUSY);
	assert_int_equal(sys_rmdir(""), -ENOENT);
	assert_int_equal(sys_symlink("loop", "loop"), 0);
	assert_int_equal(sys_openat(-100, "loop", 0, 0), -ELOOP);
	assert_int_equal(sys_unlink("loop"), 0);
	assert_int_equal(sys_openat(77, "x", 0, 0), -EBADF);
	free(path);
}

static void test_no_memory(void **state)
{
	static char buf[9000];
	long r = -1;

	for (long n = 0; r < 0; n++) {
		fake_fail_after = n;
		r = sys_openat(-100, "memory", O_CREAT | O_RDWR, 0600);
		if (r >= 0 && sys_write((int)r, buf, sizeof(buf)) != sizeof(buf)) {
			sys_close((int)r);
			r = -1;
		}
		fake_fail_after = -1;
	}
	sys_close((int)r);
	assert_int_equal(sys_unlink("memory"), 0);
	fake_available = 3;
	r = sys_openat(-100, "full", O_CREAT | O_RDWR, 0600);
	fake_available = 1 << 20;
	assert_int_equal(r, -ENOSPC);
}

static void test_cwd(void **state)
{
	char buf[64];

	assert_int_equal(sys_mkdir("/x", 0700), 0);
	assert_int_equal(sys_mkdir("/x/y", 0700), 0);
	assert_int_equal(sys_chdir("/x/y"), 0);
	assert_int_equal(sys_getcwd(buf, sizeof(buf)), 5);
	assert_string_equal(buf, "/x/y");
	assert_int_equal(sys_getcwd(buf, 4), -ERANGE);
	assert_int_equal(sys_rename("/x", "/z"), 0);
	assert_int_equal(sys_getcwd(buf, sizeof(buf)), 5);
	assert_string_equal(buf, "/z/y");
	assert_int_equal(sys_rmdir("/z/y"), 0);
	assert_int_equal(sys_getcwd(buf, sizeof(buf)), -ENOENT);
	assert_int_equal(sys_mkdir("sub", 0700), -ENOENT);
	assert_int_equal(sys_chdir("/"), 0);
	assert_int_equal(sys_rmdir("/z"), 0);
	assert_int_equal(sys_getcwd(buf, sizeof(buf)), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_cwd),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_against_linux),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
