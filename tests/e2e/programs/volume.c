// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// volume COMMAND ARGUMENTS ... : file operations one after the other, each with a line: what it gave, or the name of the error. An
// ordinary Linux program.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

static char buffer[65536];

static const char *error_name(void)
{
	static const struct { int e; const char *name; } names[] = {
#define N(x) { x, #x }
		N(ENOENT), N(EACCES), N(EPERM), N(EROFS), N(ENOSPC), N(EEXIST), N(ENOTDIR), N(EISDIR), N(ENOTEMPTY), N(EBUSY), N(EXDEV),
		N(ELOOP), N(EINVAL), N(ESTALE), N(ENXIO), N(EIO), N(EFBIG), N(EOPNOTSUPP), N(ENFILE), N(EMFILE), N(ETXTBSY), N(EDQUOT),
#undef N
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].e == errno)
			return names[i].name;
	return strerror(errno);
}

static void result(const char *what, long r)
{
	if (r < 0)
		printf("%s %s\n", what, error_name());
	else
		printf("%s ok\n", what);
	fflush(stdout);
}

static int put(const char *path, const char *text, int flags)
{
	int fd = open(path, O_WRONLY | O_CREAT | flags, 0644), r;

	if (fd < 0)
		return -1;
	r = write(fd, text, strlen(text)) < 0 ? -1 : 0;
	return close(fd) || r ? -1 : 0;
}

static void do_write(char **a) { result("write", put(a[0], a[1], O_TRUNC)); }
static void do_append(char **a) { result("append", put(a[0], a[1], O_APPEND)); }
static void do_unlink(char **a) { result("unlink", unlink(a[0])); }
static void do_mkdir(char **a) { result("mkdir", mkdir(a[0], 0755)); }
static void do_rmdir(char **a) { result("rmdir", rmdir(a[0])); }
static void do_rename(char **a) { result("rename", rename(a[0], a[1])); }
static void do_link(char **a) { result("link", link(a[0], a[1])); }
static void do_symlink(char **a) { result("symlink", symlink(a[0], a[1])); }
static void do_chmod(char **a) { result("chmod", chmod(a[1], (mode_t)strtol(a[0], NULL, 8))); }
static void do_chown(char **a) { result("chown", chown(a[1], (uid_t)atoi(a[0]), (gid_t)atoi(a[0]))); }
static void do_truncate(char **a) { result("truncate", truncate(a[0], atol(a[1]))); }
static void do_chdir(char **a) { result("chdir", chdir(a[0])); }
static void do_setuid(char **a) { result("setuid", setgid((gid_t)atoi(a[0])) || setuid((uid_t)atoi(a[0])) ? -1 : 0); }
static void do_mknod(char **a) { result("mknod", mknod(a[0], S_IFCHR | 0666, 0x103)); }

static void do_read(char **a)
{
	int fd = open(a[0], O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer) - 1);

	if (n < 0) {
		result("read", -1);
	} else {
		buffer[n] = 0;
		printf("read %s\n", buffer);
		fflush(stdout);
	}
	if (fd >= 0)
		close(fd);
}

static void do_stat(char **a)
{
	struct stat st;

	if (lstat(a[0], &st))
		result("stat", -1);
	else
		printf("stat %o size %ld links %ld uid %d gid %d\n", st.st_mode, (long)st.st_size, (long)st.st_nlink, (int)st.st_uid,
		       (int)st.st_gid);
}

static void do_list(char **a)
{
	DIR *d = opendir(a[0]);
	int count = 0;

	for (struct dirent *e; d && (e = readdir(d)); count++)
		if (a[1][0] == 'n' && strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			printf("entry %s\n", e->d_name);
	if (d) {
		printf("list %d\n", count);
		closedir(d);
	} else {
		result("list", -1);
	}
}

static void do_fsync(char **a)
{
	int fd = open(a[0], O_RDONLY);

	result("fsync", fd < 0 ? -1 : fsync(fd));
	close(fd);
}

// Until there is no room.
static void do_fill(char **a)
{
	int fd = open(a[0], O_WRONLY | O_CREAT, 0644);
	ssize_t n = fd < 0 ? -1 : 1;

	while (n > 0)
		n = write(fd, buffer, sizeof(buffer));
	result("fill", n);
	close(fd);
}

static void do_statfs(char **a)
{
	struct statfs st;

	if (statfs(a[0], &st))
		result("statfs", -1);
	else
		printf("statfs %ld MiB free %s\n", (long)(st.f_bavail * (unsigned long)st.f_bsize >> 20), st.f_flags & 1 ? "ro" : "rw");
}

// Writes through a shared mapping; the second argument says what happens then: msync, close, or nothing.
static void do_map(char **a)
{
	int fd = open(a[0], O_RDWR | O_CREAT, 0644);
	char *p = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, 10000))
		p = mmap(NULL, 10000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED) {
		result("map", -1);
		return;
	}
	memcpy(p, "mapped", 6);
	p[9999] = 'E';
	if (!strcmp(a[1], "msync") && msync(p, 10000, MS_SYNC))
		result("msync", -1);
	if (!strcmp(a[1], "close")) {
		munmap(p, 10000);
		close(fd);
	}
	pread(fd, buffer, 6, 0);
	result("map", 0);
}

// Lines with numbers, each acknowledged on standard output when write() has returned; with "sync" when fdatasync() has.
static void do_lines(char **a)
{
	int fd = open(a[0], O_WRONLY | O_CREAT | O_APPEND, 0644);
	char line[32];

	for (int i = 1; fd >= 0; i++) {
		int n = sprintf(line, "%d\n", i);

		if (write(fd, line, (size_t)n) != n || (!strcmp(a[1], "sync") && fdatasync(fd)))
			break;
		if (write(1, line, (size_t)n) != n)
			break;
	}
	result("lines", -1);
}

// Keeps a file open while its name goes; then waits for a line on standard input before it looks.
static void do_hold(char **a)
{
	int fd = open(a[0], O_RDWR);
	struct stat st;
	ssize_t n;

	printf("holding\n");
	fflush(stdout);
	if (read(0, buffer, 1) < 0)
		result("hold", -1);
	n = pread(fd, buffer, sizeof(buffer) - 1, 0);
	buffer[n > 0 ? n : 0] = 0;
	fstat(fd, &st);
	printf("held %s links %ld\n", buffer, (long)st.st_nlink);
	result("pwrite", pwrite(fd, "x", 1, 0));
}

static void do_tmpfile(char **a)
{
	int fd = open(a[0], O_RDWR | O_TMPFILE, 0600);

	result("tmpfile", fd);
}

static const struct {
	const char *name;
	void (*act)(char **a);
	int arguments;
} commands[] = {
	{ "write", do_write, 2 },     { "append", do_append, 2 },     { "read", do_read, 1 },	  { "unlink", do_unlink, 1 },
	{ "mkdir", do_mkdir, 1 },     { "rmdir", do_rmdir, 1 },	      { "rename", do_rename, 2 }, { "link", do_link, 2 },
	{ "symlink", do_symlink, 2 }, { "chmod", do_chmod, 2 },	      { "chown", do_chown, 2 },	  { "truncate", do_truncate, 2 },
	{ "chdir", do_chdir, 1 },     { "setuid", do_setuid, 1 },     { "mknod", do_mknod, 1 },	  { "stat", do_stat, 1 },
	{ "list", do_list, 2 },	      { "fsync", do_fsync, 1 },	      { "fill", do_fill, 1 },	  { "statfs", do_statfs, 1 },
	{ "map", do_map, 2 },	      { "lines", do_lines, 2 },	      { "hold", do_hold, 1 },	  { "tmpfile", do_tmpfile, 1 },
};

int main(int argc, char **argv)
{
	for (int i = 1; i < argc;) {
		unsigned c = 0;

		while (c < sizeof(commands) / sizeof(commands[0]) && strcmp(argv[i], commands[c].name))
			c++;
		if (c == sizeof(commands) / sizeof(commands[0]) || i + commands[c].arguments >= argc) {
			fprintf(stderr, "volume: what is %s?\n", argv[i]);
			return 2;
		}
		commands[c].act(&argv[i + 1]);
		i += 1 + commands[c].arguments;
	}
	return 0;
}
