// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The monitor's door for requests of volumes, with requests that a hostile guest may make. The input is a list of them, each cut to
// 64 bytes: operation, flags, nodes, offsets and lengths as they come, and a name that is one of a few or is made of the input. Next to
// the volume lies a directory that nothing may ever reach: its only file must stay as it is.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include <monitor/dev/volume.h>

#define RAM_AT (2ul << 20)
#define RAM_LEN 65536ul
#define REQUEST 64
#define REQUESTS_MAX 64

static char top[] = "/tmp/pith-fuzz-volume-XXXXXX";
static char inside[64], outside[64], secret[80];
static struct stat before;
static uint8_t ram[RAM_LEN];

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

static void at_end(void)
{
	nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int fd;

	if (!mkdtemp(top))
		abort();
	snprintf(inside, sizeof(inside), "%s/in", top);
	snprintf(outside, sizeof(outside), "%s/out", top);
	snprintf(secret, sizeof(secret), "%s/secret", outside);
	if (mkdir(outside, 0755))
		abort();
	fd = open(secret, O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || write(fd, "secret", 6) != 6 || fstat(fd, &before))
		abort();
	close(fd);
	atexit(at_end);
	umask(0);
	return 0;
}

static void fill(void)
{
	char path[96];
	int fd;

	nftw(inside, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mkdir(inside, 0755);
	snprintf(path, sizeof(path), "%s/d", inside);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/f", inside);
	fd = open(path, O_WRONLY | O_CREAT, 0644);
	if (fd >= 0)
		close(fd);
	snprintf(path, sizeof(path), "%s/l", inside);
	if (symlink("../out/secret", path))
		abort();
	snprintf(path, sizeof(path), "%s/o", inside);
	if (symlink("../out", path))
		abort();
}

static void take_name(char *name, uint16_t *len, uint8_t which, const uint8_t *bytes)
{
	static const char *const names[] = { "d", "f", "l", "o", "n", "m", "..", "../out/secret", "/etc/passwd", "." };
	const char *known = which < sizeof(names) / sizeof(names[0]) ? names[which] : NULL;

	*len = (uint16_t)(known ? strlen(known) : which % 24);
	memcpy(name, known ? known : (const char *)bytes, *len);
}

static void request(struct volumes *v, const uint8_t *in)
{
	const struct gpa_space space = { ram, { RAM_AT }, RAM_LEN };
	struct volume_request *rq = (struct volume_request *)ram;

	memset(rq, 0, sizeof(*rq));
	rq->version = VOLUME_VERSION;
	rq->op = in[0] % (VOLUME_OPS + 1);
	rq->flags = in[1];
	rq->node = in[2];
	rq->other = in[3];
	memcpy(&rq->mode, in + 4, 4);
	memcpy(&rq->off, in + 8, 8);
	memcpy(&rq->len, in + 16, 8);
	memcpy(&rq->data, in + 24, 8);
	if (in[2] < 128) { // mostly memory that is there
		rq->off %= 1 << 20;
		rq->len %= RAM_LEN / 2;
		rq->data = RAM_AT + rq->data % (RAM_LEN / 2);
	}
	take_name(rq->name, &rq->name_len, in[32], in + 40);
	take_name(rq->name2, &rq->name2_len, in[33], in + 40);
	rq->forget_count = in[34] % (VOLUME_FORGET_MAX + 2);
	for (unsigned i = 0; i < rq->forget_count && i < VOLUME_FORGET_MAX; i++)
		rq->forget[i] = in[35 + i % 5];
	memcpy(&rq->attr.size, in + 40, 8);
	memcpy(&rq->attr.mode, in + 48, 4);
	memcpy(&rq->attr.atime_ns, in + 52, 8);
	rq->attr.size %= 1 << 24;
	if (rq->op == VOLUME_ALLOCATE)
		rq->len %= 1 << 24;
	volumes_serve(v, &space, rq);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct volume_spec specs[] = { { inside, "/a", false }, { inside, "/b", true } };
	struct failure why;
	struct volumes v;
	struct stat after;

	fill();
	if (volumes_open(&v, specs, 2, &why))
		abort();
	for (unsigned i = 0; i < REQUESTS_MAX && size >= REQUEST; i++, data += REQUEST, size -= REQUEST)
		request(&v, data);
	volumes_close(&v);
	if (stat(secret, &after) || after.st_size != before.st_size || after.st_mode != before.st_mode ||
	    after.st_nlink != before.st_nlink || after.st_mtim.tv_nsec != before.st_mtim.tv_nsec)
		__builtin_trap();
	return 0;
}
