// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Files keep their modes and times; owners become root. Symbolic links stay links, folders come
// whole. Folders have no time: the same input gives the same image.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/build.h>
#include <image/command.h>
#include <image/root.h>

#define AT_ONCE (4l << 20) // bytes copied between looks at signals

static const struct timespec epoch[2];

static int fail(struct failure *why, const char *what, const char *path)
{
	return failure_errno(why, -errno, "cannot %s %s", what, path);
}

static bool is_dir(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISDIR(st.st_mode);
}

static bool is_there(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static int twice(struct failure *why, const char *what)
{
	return failure_set(why, -EEXIST, "%s is given twice for the image", what);
}

// Nothing is ever written through a link of the user's: it may lead out of the staging folder.
static int make_dir(const char *path, mode_t mode, struct failure *why)
{
	if (mkdir(path, 0755) && !is_dir(path))
		return fail(why, "make", path);
	if (chmod(path, mode))
		return fail(why, "make", path);
	return 0;
}

// Makes the folders above a path in the staging folder.
static int make_parents(const char *stage, const char *guest, struct failure *why)
{
	char path[PATH_MAX];
	int err = 0;

	for (const char *p = strchr(guest + 1, '/'); p && !err; p = strchr(p + 1, '/')) {
		if (snprintf(path, sizeof(path), "%s%.*s", stage, (int)(p - guest), guest) >=
		    (int)sizeof(path))
			return failure_set(why, -ENAMETOOLONG, "%s: the path is too long", guest);
		if (is_there(path) && !is_dir(path))
			return failure_set(
				why, -ENOTDIR,
				"%s cannot go into the image: %.*s in it is not a folder", guest,
				(int)(p - guest), guest);
		if (!is_there(path))
			err = make_dir(path, 0755, why);
	}
	return err;
}

static int copy_bytes(int from, int to, off_t left)
{
	while (left > 0) {
		ssize_t n = sendfile(to, from, NULL, left < AT_ONCE ? (size_t)left : AT_ONCE);

		if (build_interrupted())
			return -EINTR;

		if (n < 0)
			return -errno;
		if (!n)
			return -EIO;
		left -= n;
	}
	return 0;
}

static int copy_file(const char *from, const char *to, const struct stat *st, struct failure *why)
{
	const struct timespec times[2] = { st->st_mtim, st->st_mtim };
	int in = open(from, O_RDONLY | O_CLOEXEC), out, err;

	if (in < 0)
		return fail(why, "read", from);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0 && errno == EEXIST) {
		close(in);
		return twice(why, from);
	}
	err = out < 0 ? -errno : copy_bytes(in, out, st->st_size);
	if (!err && (fchmod(out, st->st_mode & 07777) || futimens(out, times)))
		err = -errno;
	close(in);
	if (out >= 0 && close(out) && !err)
		err = -errno;
	return err ? failure_errno(why, err, "cannot copy %s into the image", from) : 0;
}

static int copy_link(const char *from, const char *to, struct failure *why)
{
	char target[PATH_MAX];
	ssize_t n = readlink(from, target, sizeof(target) - 1);

	if (n < 0)
		return fail(why, "read", from);
	target[n] = 0;
	if (symlink(target, to))
		return errno == EEXIST ? twice(why, from) : fail(why, "make", to);
	return 0;
}

static int copy_tree(const char *from, const char *to, struct failure *why);

static int copy_entries(DIR *d, const char *from, const char *to, struct failure *why)
{
	struct dirent *e;
	int err = 0;

	while (!err && (e = readdir(d))) {
		char a[PATH_MAX], b[PATH_MAX];

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (snprintf(a, sizeof(a), "%s/%s", from, e->d_name) >= (int)sizeof(a) ||
		    snprintf(b, sizeof(b), "%s/%s", to, e->d_name) >= (int)sizeof(b))
			return failure_set(why, -ENAMETOOLONG, "%s/%s: the path is too long", from,
					   e->d_name);
		err = copy_tree(a, b, why);
	}
	return err;
}

static int copy_dir(const char *from, const char *to, const struct stat *st, struct failure *why)
{
	DIR *d;
	int err;

	if (is_there(to) && !is_dir(to))
		return twice(why, from);
	d = opendir(from);
	if (!d)
		return fail(why, "read", from);
	err = make_dir(to, st->st_mode & 07777, why);
	if (!err)
		err = copy_entries(d, from, to, why);
	closedir(d);
	return err;
}

static int copy_tree(const char *from, const char *to, struct failure *why)
{
	struct stat st;

	if (lstat(from, &st))
		return fail(why, "read", from);
	if (S_ISREG(st.st_mode))
		return copy_file(from, to, &st, why);
	if (S_ISDIR(st.st_mode))
		return copy_dir(from, to, &st, why);
	if (S_ISLNK(st.st_mode))
		return copy_link(from, to, why);
	return failure_set(why, -EINVAL,
			   "%s is neither a file, a folder nor a link: it cannot go into an image",
			   from);
}

static int add_file(const char *stage, const char *text, struct failure *why)
{
	const char *colon = strrchr(text, ':');
	char from[PATH_MAX], to[PATH_MAX], real[PATH_MAX];
	int err;

	snprintf(from, sizeof(from), "%.*s", (int)(colon - text), text);
	if (snprintf(to, sizeof(to), "%s%s", stage, colon + 1) >= (int)sizeof(to))
		return failure_set(why, -ENAMETOOLONG, "%s: the path is too long", colon + 1);
	if (!realpath(from, real))
		return fail(why, "read", from);
	err = make_parents(stage, colon + 1, why);
	if (!err && is_there(to) && !is_dir(to))
		return twice(why, colon + 1);
	return err ? err : copy_tree(real, to, why);
}

static int write_text(const char *stage, const char *guest, const char *text, struct failure *why)
{
	char path[PATH_MAX];
	FILE *f;
	int failed;

	snprintf(path, sizeof(path), "%s%s", stage, guest);
	if (is_there(path))
		return 0;
	f = fopen(path, "we");
	if (!f)
		return fail(why, "write", path);
	failed = fputs(text, f) == EOF;
	failed |= fclose(f) != 0;
	if (failed || utimensat(AT_FDCWD, path, epoch, 0))
		return fail(why, "write", path);
	return 0;
}

// What the C libraries' own functions open: getpwnam, getaddrinfo and the like.
static int add_etc(const char *stage, struct failure *why)
{
	static const char *const files[][2] = {
		{ "/etc/passwd", "root:x:0:0:root:/:/\nnobody:x:65534:65534:nobody:/:/\n" },
		{ "/etc/group", "root:x:0:\nnogroup:x:65534:\n" },
		{ "/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n" },
		{ "/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n" },
	};
	char path[PATH_MAX + 64];
	int err;

	snprintf(path, sizeof(path), "%s/etc", stage);
	if (is_there(path) && !is_dir(path))
		return 0;
	err = is_there(path) ? 0 : make_dir(path, 0755, why);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && !err; i++)
		err = write_text(stage, files[i][0], files[i][1], why);
	return err;
}

static int add_places(const char *stage, struct failure *why)
{
	static const struct {
		const char *name;
		mode_t mode;
	} places[] = { { "dev", 0755 }, { "proc", 0555 }, { "sys", 0555 }, { "tmp", 01777 } };
	char path[PATH_MAX + 64];
	int err = 0;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !err; i++) {
		snprintf(path, sizeof(path), "%s/%s", stage, places[i].name);
		if (!is_there(path))
			err = make_dir(path, places[i].mode, why);
	}
	if (!err && chmod(stage, 0755))
		err = fail(why, "make", stage);
	return err;
}

static int forget_time(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return !S_ISREG(st->st_mode) && utimensat(AT_FDCWD, path, epoch, AT_SYMLINK_NOFOLLOW) ? -1
											      : 0;
}

// mkfs.erofs either forgets all times or notes its own: the files' stay, and its own goes out of
// the superblock (Linux: fs/erofs/erofs_fs.h, struct erofs_super_block), with the checksum over it.
// The image has a sum of its own.
static int forget_build_time(const char *path, struct failure *why)
{
	enum {
		SUPER = 1024,
		CHECKSUM = SUPER + 4,
		COMPAT = SUPER + 8,
		BUILD_TIME = SUPER + 24,
		COMPAT_CHECKSUM = 1
	};
	static const uint8_t zeros[12]; // u64 seconds, u32 nanoseconds
	int fd = open(path, O_RDWR | O_CLOEXEC), failed;
	uint32_t compat;

	if (fd < 0)
		return fail(why, "read", path);
	failed = pread(fd, &compat, sizeof(compat), COMPAT) != sizeof(compat);
	compat &= ~(uint32_t)COMPAT_CHECKSUM;
	failed |= pwrite(fd, &compat, sizeof(compat), COMPAT) != sizeof(compat);
	failed |= pwrite(fd, zeros, 4, CHECKSUM) != 4;
	failed |= pwrite(fd, zeros, sizeof(zeros), BUILD_TIME) != sizeof(zeros);
	failed |= close(fd) != 0;
	return failed ? fail(why, "write", path) : 0;
}

int root_make(const struct spec *spec, const char *guest_program, bool etc, const char *work,
	      struct failure *why)
{
	char stage[PATH_MAX], to[PATH_MAX], out[PATH_MAX];
	char *argv[] = { "mkfs.erofs", "--quiet", "-x-1", "--all-root", "-U",
			 "00000000-0000-0000-0000-000000000000", out, stage, NULL };
	struct stat st;
	int err;

	if (snprintf(stage, sizeof(stage), "%s/root", work) >= (int)sizeof(stage) - 16 ||
	    snprintf(out, sizeof(out), "%s/root.erofs", work) >= (int)sizeof(out) ||
	    snprintf(to, sizeof(to), "%s%s", stage, guest_program) >= (int)sizeof(to))
		return failure_set(why, -ENAMETOOLONG, "%s: the path is too long", work);
	err = make_dir(stage, 0755, why);
	if (!err)
		err = make_parents(stage, guest_program, why);
	if (!err && stat(spec->program, &st))
		err = fail(why, "read", spec->program);
	st.st_mode |= 0555; // it is going to be run
	if (!err)
		err = copy_file(spec->program, to, &st, why);
	for (size_t i = 0; i < spec->files.count && !err; i++)
		err = add_file(stage, spec->files.at[i], why);
	if (!err && etc)
		err = add_etc(stage, why);
	if (!err)
		err = add_places(stage, why);
	if (!err && nftw(stage, forget_time, 16, FTW_PHYS))
		err = fail(why, "make", stage);
	if (!err)
		err = command_run(argv, "erofs-utils", why);
	return err ? err : forget_build_time(out, why);
}
