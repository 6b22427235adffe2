// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// volume DIRECTORY MIB: what files in a directory cost. Prints one line of figures, in the order of bench/volume: MiB/s of writing a
// new file of that size and of copying it, 1 MiB at a time, and of reading it; then microseconds each of a read and a write of 4 KiB at
// random places, of a write with fsync, of stat, and of open, read, close of small files; milliseconds for listing them. An ordinary
// Linux program.
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BLOCK (1l << 20)
#define PAGE 4096
#define SMALL 4000 // calls of small things
#define SYNCS 50
#define FILES 10000

static char block[BLOCK];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int must(const char *name, int flags)
{
	int fd = open(name, flags, 0644);

	if (fd < 0)
		err(1, "%s", name);
	return fd;
}

static void all(ssize_t n, ssize_t want, const char *what)
{
	if (n != want)
		err(1, "%s: %zd of %zd bytes", what, n, want);
}

static void report(double value)
{
	printf("%.3f ", value);
}

static void stream(long mib)
{
	int from = must("big", O_RDWR | O_CREAT | O_TRUNC), to;
	double start = now();

	for (long i = 0; i < mib; i++)
		all(write(from, block, BLOCK), BLOCK, "write");
	report((double)mib / (now() - start));
	to = must("copy", O_RDWR | O_CREAT | O_TRUNC);
	lseek(from, 0, SEEK_SET);
	start = now();
	for (long i = 0; i < mib; i++) {
		all(read(from, block, BLOCK), BLOCK, "read");
		all(write(to, block, BLOCK), BLOCK, "write");
	}
	report((double)mib / (now() - start));
	close(to);
	unlink("copy");
	lseek(from, 0, SEEK_SET);
	start = now();
	for (long i = 0; i < mib; i++)
		all(read(from, block, BLOCK), BLOCK, "read");
	report((double)mib / (now() - start));
	close(from);
}

static off_t somewhere(long mib)
{
	return (off_t)(random() % (mib * (BLOCK / PAGE))) * PAGE;
}

static void small(long mib)
{
	int fd = must("big", O_RDWR);
	double start = now();
	struct stat st;

	for (int i = 0; i < SMALL; i++)
		all(pread(fd, block, PAGE, somewhere(mib)), PAGE, "pread");
	report((now() - start) / SMALL * 1e6);
	start = now();
	for (int i = 0; i < SMALL; i++)
		all(pwrite(fd, block, PAGE, somewhere(mib)), PAGE, "pwrite");
	report((now() - start) / SMALL * 1e6);
	start = now();
	for (int i = 0; i < SYNCS; i++) {
		all(pwrite(fd, block, PAGE, somewhere(mib)), PAGE, "pwrite");
		if (fdatasync(fd))
			err(1, "fdatasync");
	}
	report((now() - start) / SYNCS * 1e6);
	start = now();
	for (int i = 0; i < SMALL; i++)
		if (stat("big", &st))
			err(1, "stat");
	report((now() - start) / SMALL * 1e6);
	close(fd);
	unlink("big");
}

static void names(void)
{
	char name[32];
	double start;
	int count = 0;
	DIR *d;

	mkdir("many", 0755);
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "many/%d", i);
		int fd = must(name, O_WRONLY | O_CREAT | O_TRUNC);

		all(write(fd, "hello", 5), 5, "write");
		close(fd);
	}
	start = now();
	for (int i = 0; i < SMALL; i++) {
		snprintf(name, sizeof(name), "many/%d", i);
		int fd = must(name, O_RDONLY);

		all(read(fd, block, PAGE), 5, "read");
		close(fd);
	}
	report((now() - start) / SMALL * 1e6);
	start = now();
	d = opendir("many");
	while (d && readdir(d))
		count++;
	if (count != FILES + 2)
		errx(1, "%d entries, not %d", count, FILES + 2);
	closedir(d);
	report((now() - start) * 1e3);
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "many/%d", i);
		unlink(name);
	}
	rmdir("many");
}

int main(int argc, char **argv)
{
	long mib = argc == 3 ? atol(argv[2]) : 0;

	if (mib <= 0 || chdir(argv[1]))
		errx(1, "usage: volume DIRECTORY MIB");
	memset(block, 'x', sizeof(block));
	stream(mib);
	small(mib);
	names();
	printf("\n");
	return 0;
}
