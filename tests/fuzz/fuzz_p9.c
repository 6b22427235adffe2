// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The 9P client (drivers/p9) and a server that says anything. The input is read from its start as it is needed: requests of the guest, and
// answers, most of them with a true header so that what is behind it is looked at. Whatever comes: no memory is touched that is not the
// request's, counts are within what was asked for, and names in listings are names.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <drivers/p9/node.h>

#define RAM_PA 0x200000ul
#define RAM_LEN 65536ul
#define DATA 4096ul
#define REQUESTS_MAX 200

static const uint8_t *at, *end;
static uint8_t ram[RAM_LEN], messages[2][P9_MESSAGE_MAX];

void klog(const char *fmt, ...) { }
void *kzalloc(size_t n) { return calloc(1, n); }
void *krealloc(void *p, size_t n) { return realloc(p, n); }
void kfree(void *p) { free(p); }

static void take(void *to, size_t len)
{
	size_t have = (size_t)(end - at) < len ? (size_t)(end - at) : len;

	memset(to, 0, len);
	memcpy(to, at, have);
	at += have;
}

static uint64_t take_number(unsigned bytes)
{
	uint64_t v = 0;

	take(&v, bytes);
	return v;
}

static int64_t exchange(struct p9_transport *t, const struct p9_exchange *x)
{
	static uint8_t answer[P9_MESSAGE_MAX + RAM_LEN];
	uint32_t how = (uint32_t)take_number(1), len = 7 + (uint32_t)take_number(how & 1 ? 1 : 2) % 8000;
	uint32_t room = x->in_room + x->in_data_room;

	if (how == 0xff)
		return -5;
	len = len < room ? len : room;
	take(answer, len);
	if (how & 0xe) {
		memcpy(answer, &len, 4);
		answer[4] = how & 0x20 ? 7 : (uint8_t)(x->out[4] + 1);
		memcpy(answer + 5, x->out + 5, 2);
	}
	if ((how & 0x10) && x->in_data_room && len >= 11) {
		uint32_t count = len - 11;

		memcpy(answer + 7, &count, 4);
	}
	if ((how & 0x10) && x->out[4] == P9_TREADDIR && len >= 11) {
		uint32_t count = len - 11;

		memcpy(answer + 7, &count, 4);
	}
	if ((how & 0x10) && x->out[4] == P9_TWALK)
		memcpy(answer + 7, x->out + 15, 2);
	memcpy(x->in, answer, len < x->in_room ? len : x->in_room);
	if (len > x->in_room)
		memcpy(x->in_data, answer + x->in_room, len - x->in_room);
	return len;
}

static void check_listing(const uint8_t *entry, const uint8_t *stop)
{
	while (entry < stop) {
		uint16_t len;

		memcpy(&len, entry + 16, 2);
		if (stop - entry < 20 || len < 20 || len > stop - entry || len % 8 || !entry[19] || strchr((const char *)entry + 19, '/') ||
		    strlen((const char *)entry + 19) > (size_t)len - 20)
			__builtin_trap();
		entry += len;
	}
}

static void request(struct volume_server *const servers[], const struct boot_block *boot)
{
	static const char *const names[] = { "f", "d", "n", "m" };
	struct volume_request *r = (struct volume_request *)ram;

	memset(r, 0, sizeof(*r));
	r->version = VOLUME_VERSION;
	r->op = (uint32_t)take_number(1) % VOLUME_OPS;
	r->flags = (uint32_t)take_number(1) & 7;
	r->node = (uint32_t)take_number(1) % 8 * VOLUME_COUNT_MAX + 1;
	r->other = (uint32_t)take_number(1) % 8 * VOLUME_COUNT_MAX + 1;
	r->mode = (uint32_t)take_number(2);
	r->off = take_number(r->flags & 4 ? 8 : 2);
	r->len = take_number(2) % (RAM_LEN - DATA);
	r->data = RAM_PA + DATA;
	strcpy(r->name, names[r->mode % 4]);
	strcpy(r->name2, names[r->mode / 4 % 4]);
	r->name_len = r->name2_len = 1;
	r->attr.size = take_number(3);
	r->forget_count = (uint32_t)take_number(1) % 3;
	r->forget[0] = r->other;
	r->forget[1] = r->node;
	volumes_answer(boot, servers);
	if ((r->op == VOLUME_READ || r->op == VOLUME_WRITE || r->op == VOLUME_READDIR || r->op == VOLUME_READLINK) &&
	    r->result > (int64_t)r->len)
		__builtin_trap();
	if (r->result < -4095)
		__builtin_trap();
	if (r->op == VOLUME_READDIR && r->result > 0)
		check_listing(ram + DATA, ram + DATA + r->result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct boot_volumes volumes = { .request_va = 1, .paths.count = 1 };
	struct boot_block boot = { .ram_pa = RAM_PA, .ram_va = (uintptr_t)ram, .ram_len = RAM_LEN, .volumes = volumes };
	struct p9_transport transport = { exchange };
	struct p9 fs = { .transport = &transport, .name = "v", .out = messages[0], .in = messages[1] };
	struct volume_server *const servers[] = { &fs.server };
	bool honest_start = size && data[0] & 1;

	at = data + (size != 0);
	end = data + size;
	boot.volumes.request_va = (uintptr_t)ram;
	if (p9_start(&fs) && honest_start) { // as if it had gone well
		fs.broken = false;
		fs.data_max = 16384;
		if (!(fs.node[P9_ROOT].state & NODE_HASHED))
			p9_node_hash(&fs, P9_ROOT, 1, S_IFDIR | 0755);
	}
	for (unsigned i = 0; i < REQUESTS_MAX && at < end && p9_node_get(&fs, P9_ROOT); i++)
		request(servers, &boot);
	p9_end(&fs);
	return 0;
}
