// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See volume.h.
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

#include "p9/volume.h"
#include <asm-generic/errno.h>

char top[64];
uint8_t *ram;
static uint8_t messages[2][P9_MESSAGE_MAX];
struct boot_block boot;
struct volume_request *rq;
struct server server;
struct p9 fs;
static struct volume_server *const servers[] = { &fs.server };
unsigned logged;

void klog(const char *fmt, ...) { logged++; }

char *under(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

void put(const char *name, const char *text)
{
	int fd = open(under(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

void begin_volume(void)
{
	memset(&fs, 0, sizeof(fs));
	fs.transport = &server.transport;
	fs.name = "v";
	fs.out = messages[0];
	fs.in = messages[1];
	fs.dev = 77;
}

int set_up(void **state)
{
	strcpy(top, "/tmp/pith-p9-XXXXXX");
	if (!mkdtemp(top))
		return -1;
	put("f", "hello");
	mkdir(under("d"), 0755);
	put("d/g", "inner");
	ram = calloc(1, RAM_LEN);
	rq = (struct volume_request *)ram;
	boot = (struct boot_block){ .ram_pa = RAM_PA, .ram_va = (uintptr_t)ram, .ram_len = RAM_LEN };
	boot.volumes = (struct boot_volumes){ .request_va = (uintptr_t)rq, .paths.count = 1 };
	server_begin(&server, top);
	begin_volume();
	logged = 0;
	return p9_start(&fs);
}

int tear_down(void **state)
{
	char command[128];

	p9_end(&fs);
	server_end(&server);
	free(ram);
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

struct volume_request *begin(enum volume_op op, uint32_t node, const char *name)
{
	memset(rq, 0, sizeof(*rq));
	rq->version = VOLUME_VERSION;
	rq->op = op;
	rq->node = node;
	rq->name_len = (uint16_t)(name ? strlen(name) : 0);
	memcpy(rq->name, name ? name : "", rq->name_len);
	rq->data = RAM_PA + DATA;
	rq->len = 4096;
	return rq;
}

int64_t call(void)
{
	volumes_answer(&boot, servers);
	return rq->result;
}

int64_t ask(enum volume_op op, uint32_t node, const char *name)
{
	begin(op, node, name);
	return call();
}

uint32_t look_up(uint32_t dir, const char *name)
{
	assert_int_equal(ask(VOLUME_LOOKUP, dir, name), 0);
	assert_int_not_equal(rq->found, 0);
	return rq->found;
}

uint32_t create(uint32_t dir, const char *name, uint32_t mode)
{
	begin(VOLUME_CREATE, dir, name)->mode = mode;
	assert_int_equal(call(), 0);
	return rq->found;
}

int64_t open_node(uint32_t node, bool write)
{
	begin(VOLUME_OPEN, node, NULL)->flags = write ? VOLUME_F_WRITE : 0;
	return call();
}

int64_t write_at(uint32_t node, uint64_t off, const char *text, uint32_t flags)
{
	begin(VOLUME_WRITE, node, NULL)->off = off;
	rq->flags = flags;
	rq->len = strlen(text);
	memcpy(ram + DATA, text, rq->len);
	return call();
}

void reads_as(uint32_t node, const char *text)
{
	assert_int_equal(ask(VOLUME_READ, node, NULL), strlen(text));
	assert_memory_equal(ram + DATA, text, strlen(text));
}

uint64_t size_of(uint32_t node)
{
	assert_int_equal(ask(VOLUME_GETATTR, node, NULL), 0);
	return rq->attr.size;
}

int64_t truncate_to(uint32_t node, uint64_t size)
{
	begin(VOLUME_SETATTR, node, NULL)->flags = VOLUME_F_SET_SIZE;
	rq->attr.size = size;
	return call();
}

void forget(uint32_t node)
{
	begin(VOLUME_FORGET, 0, NULL)->forget_count = 1;
	rq->forget[0] = node;
	assert_int_equal(call(), 0);
}

unsigned fids_after_all(void)
{
	server_end(&server);
	return server.fids;
}
