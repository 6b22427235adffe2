// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What a file system should hold: random operations on a volume are done here as well, and the two
// compared.
#ifndef EXT4_MODEL_H
#define EXT4_MODEL_H

#include "ext4/env.h"

#define MODEL_FILES 512
#define MODEL_NAMES 512
#define MODEL_MAX 400000ul // bytes of a file

struct model_file {
	bool used, dir;
	uint8_t *data;
	uint64_t size;
	unsigned names;
	uint32_t node;   // of the volume, while it is open; 0: it is not
	uint64_t durable_size, durable_sum; // as of the last sync
	bool touched;    // since then
};

struct model_name {
	bool used;
	int dir, file;
	char name[256];
	bool durable, touched; // there at the last sync, changed since
};

struct model {
	struct vol v;
	struct model_file file[MODEL_FILES]; // 0: the root
	struct model_name name[MODEL_NAMES];
	unsigned limit;       // of names
	size_t synced;        // steps of the disk at the last sync
	bool big_names;
};

void model_init(struct model *m);
void model_free(struct model *m);
void model_step(struct model *m);    // one random operation
void model_sync(struct model *m);    // fsync of something: all is durable
void model_compare(struct model *m); // everything is as it should be
void model_close(struct model *m);   // what is open is forgotten
// What was durable, and was not touched since, is there.
void model_compare_durable(struct model *m, struct vol *v);

#endif
