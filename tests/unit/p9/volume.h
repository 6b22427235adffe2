// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A volume on the server of server.h, asked by requests as kernel/fs/volfs makes them: what each test begins with, and
// the requests that are made again and again. The directory has f ("hello") and d/g ("inner").
#ifndef P9_VOLUME_H
#define P9_VOLUME_H

#include <pith/boot.h>
#include <pith/volume.h>
#include <drivers/p9/node.h>

#include "p9/server.h"

#define RAM_PA 0x200000ul
#define RAM_LEN (1ul << 20)
#define DATA 4096ul
enum { ROOT = 1 };

extern char top[64]; // the directory
extern uint8_t *ram;
extern struct boot_block boot;
extern struct volume_request *rq;
extern struct server server;
extern struct p9 fs;
extern unsigned logged; // lines

char *under(const char *name);
void put(const char *name, const char *text);
void begin_volume(void);
int set_up(void **state);
int tear_down(void **state);
struct volume_request *begin(enum volume_op op, uint32_t node, const char *name);
int64_t call(void);
int64_t ask(enum volume_op op, uint32_t node, const char *name);
uint32_t look_up(uint32_t dir, const char *name);
uint32_t create(uint32_t dir, const char *name, uint32_t mode);
int64_t open_node(uint32_t node, bool write);
int64_t write_at(uint32_t node, uint64_t off, const char *text, uint32_t flags);
void reads_as(uint32_t node, const char *text);
uint64_t size_of(uint32_t node);
int64_t truncate_to(uint32_t node, uint64_t size);
void forget(uint32_t node);
unsigned fids_after_all(void);

#endif
