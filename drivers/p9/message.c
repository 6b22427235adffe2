// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A message: size[4] type[1] tag[2], then what its type has.
#include <drivers/p9/message.h>

#include <core/klib.h>
#include <fs/abi.h>

#define HEADER 7u
#define DATA_HEADER (HEADER + 4) /* of Rread, and of Rlerror: the whole of it */
#define NO_TAG 0xffff            /* of Tversion */
#define TAG 1                    /* of all others: there is one at a time */
#define TAG_LATER 2              /* and those whose answers come later, by slot */
#define ERRNO_MAX 4095u          /* as Linux's MAX_ERRNO */

int p9_breach(struct p9 *fs, const char *what)
{
	if (!fs->broken)
		klog("the volume %s: its 9p server does not keep to the protocol (%s); it is given "
		     "up, and each access is an I/O error", fs->name, what);
	fs->broken = true;
	return -EIO;
}

void p9_begin(struct p9 *fs, enum p9_type type)
{
	fs->out_len = 4; // the size comes in the end
	fs->out_bad = false;
	p9_put(fs, type, 1);
	p9_put(fs, type == P9_TVERSION ? NO_TAG : TAG, 2);
}

static void put_bytes(struct p9 *fs, const void *from, size_t len)
{
	if (len > P9_MESSAGE_MAX - fs->out_len) {
		fs->out_bad = true;
		return;
	}
	memcpy(fs->out + fs->out_len, from, len);
	fs->out_len += (uint32_t)len;
}

void p9_put(struct p9 *fs, uint64_t value, unsigned bytes)
{
	put_bytes(fs, &value, bytes);
}

void p9_put_string(struct p9 *fs, const void *s, size_t len)
{
	p9_put(fs, len, 2);
	put_bytes(fs, s, len);
}

static void get_bytes(struct p9 *fs, void *to, size_t len)
{
	if (len > fs->in_end - fs->in_pos) {
		fs->in_bad = true;
		memset(to, 0, len);
		return;
	}
	memcpy(to, fs->in + fs->in_pos, len);
	fs->in_pos += (uint32_t)len;
}

uint64_t p9_get(struct p9 *fs, unsigned bytes)
{
	uint64_t v = 0;

	get_bytes(fs, &v, bytes);
	return v;
}

uint64_t p9_get_qid(struct p9 *fs)
{
	p9_get(fs, 5); // type[1] version[4]
	return p9_get(fs, 8);
}

size_t p9_get_string(struct p9 *fs, void *to, size_t max)
{
	size_t len = p9_get(fs, 2);

	if (len > max) {
		fs->in_bad = true;
		return 0;
	}
	get_bytes(fs, to, len);
	return fs->in_bad ? 0 : len;
}

int p9_took(struct p9 *fs)
{
	return fs->in_bad ? p9_breach(fs, "an answer that is too short, or too long") : 0;
}

// What every answer begins with: `len` bytes have come. 0, the server's error, or -EIO. *size: what
// it says that its length is, which is not more.
static int check_answer(struct p9 *fs, unsigned type, uint32_t tag, int64_t len, uint32_t *size)
{
	unsigned answer;
	uint32_t error;

	fs->in_pos = 0;
	fs->in_bad = false;
	fs->in_end = (uint32_t)MIN(len, (int64_t)P9_MESSAGE_MAX);
	*size = get_u32(fs);
	answer = (unsigned)p9_get(fs, 1);
	if (p9_get(fs, 2) != tag || fs->in_bad || *size < HEADER || *size > (uint64_t)len)
		return p9_breach(fs, "an answer without a true header");
	if (answer == type + 1)
		return 0;
	error = get_u32(fs);
	if (answer != P9_RLERROR || *size < DATA_HEADER || fs->in_bad || !error ||
	    error > ERRNO_MAX)
		return p9_breach(fs, "an answer to something else");
	return -(int)error;
}

static int call(struct p9 *fs, struct p9_exchange *x, uint32_t *size)
{
	uint32_t total = fs->out_len + x->out_data_len;
	unsigned type = fs->out[4];
	uint16_t tag;
	int64_t len;

	if (fs->broken || fs->out_bad)
		return -EIO;
	memcpy(fs->out, &total, sizeof(total));
	memcpy(&tag, fs->out + 5, sizeof(tag));
	x->out = fs->out;
	x->out_len = fs->out_len;
	x->in = fs->in;
	len = fs->transport->exchange(fs->transport, x);
	if (len < 0)
		return p9_breach(fs, "no answer");
	return check_answer(fs, type, tag, len, size);
}

int p9_call_out(struct p9 *fs, const uint8_t *data, uint32_t len)
{
	struct p9_exchange x = { .out_data = data, .out_data_len = len, .in_room = P9_MESSAGE_MAX };
	uint32_t size;
	int r = call(fs, &x, &size);

	fs->in_end = r ? 0 : size;
	return r;
}

int p9_call(struct p9 *fs)
{
	return p9_call_out(fs, NULL, 0);
}

int p9_call_in(struct p9 *fs, uint8_t *data, uint32_t room, uint32_t *got)
{
	struct p9_exchange x = { .in_room = DATA_HEADER, .in_data = data, .in_data_room = room };
	uint32_t size;
	int r = call(fs, &x, &size);

	if (r)
		return r;
	fs->in_end = DATA_HEADER;
	*got = get_u32(fs);
	if (size < DATA_HEADER || *got != size - DATA_HEADER)
		return p9_breach(fs, "data of another length than it says");
	return 0;
}

int p9_call_later(struct p9 *fs, unsigned slot)
{
	uint16_t tag = (uint16_t)(TAG_LATER + slot);

	if (fs->broken || fs->out_bad)
		return -EIO;
	if (!fs->transport->later)
		return -EAGAIN;
	memcpy(fs->out, &fs->out_len, sizeof(fs->out_len));
	memcpy(fs->out + 5, &tag, sizeof(tag));
	return fs->transport->later(fs->transport, fs, fs->out, fs->out_len, slot);
}

// There is one kind of such messages.
void p9_came_later(struct p9 *fs, unsigned slot, const uint8_t *answer, uint32_t len)
{
	uint8_t *in = fs->in;
	uint32_t size;
	int r;

	fs->in = (uint8_t *)answer;
	r = len ? check_answer(fs, P9_TFSYNC, TAG_LATER + slot, len, &size) :
		  p9_breach(fs, "no answer");
	fs->in = in;
	__atomic_store_n(&fs->later[slot], r, __ATOMIC_SEQ_CST);
}
