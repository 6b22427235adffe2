// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Directories: the server's entries become struct linux_dirent64 in the request's data. Positions
// are the server's own.
#include <drivers/p9/node.h>

#include <core/klib.h>
#include <fs/abi.h>

#define ENTRIES_MAX (P9_MESSAGE_MAX - P9_DATA_HEADER)
#define ENTRIES_MIN 512u // room for any: nothing means the end

// A name that is none would end in the program's hands.
static bool is_name(const char *name, size_t len)
{
	return len && !memchr(name, '/', len) && !memchr(name, 0, len);
}

// One entry: qid[13] offset[8] type[1] name[s]. Gives its length in `to`; 0: no room for it.
static size_t take(struct p9 *fs, uint8_t *to, size_t room)
{
	char name[VOLUME_NAME_MAX];
	struct volume_dirent d = { .ino = p9_get_qid(fs), .off = get_u64(fs) };
	size_t len, total;

	d.type = (uint8_t)p9_get(fs, 1);
	len = p9_get_string(fs, name, sizeof(name));
	if (fs->in_bad || !is_name(name, len)) {
		fs->in_bad = true;
		return 0;
	}
	total = ALIGN_UP(sizeof(d) + len + 1, 8);
	if (total > room)
		return 0;
	d.len = (uint16_t)total;
	memcpy(to, &d, sizeof(d));
	memcpy(to + sizeof(d), name, len);
	memset(to + sizeof(d) + len, 0, total - sizeof(d) - len);
	return total;
}

int64_t p9_readdir(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	uint32_t count = (uint32_t)MAX(MIN(r->len, ENTRIES_MAX), ENTRIES_MIN);
	size_t done = 0, n = 1;
	int err;

	if (!(fs->node[r->node].state & NODE_READ))
		return -EBADF;
	p9_begin(fs, P9_TREADDIR);
	put_u32(fs, p9_fid(r->node, FID_READ));
	put_u64(fs, r->off);
	put_u32(fs, count);
	err = p9_call(fs);
	if (err)
		return err;
	count = get_u32(fs);
	if (count != fs->in_end - fs->in_pos)
		return p9_breach(fs, "entries of another length than it says");
	while (fs->in_pos < fs->in_end && n) {
		n = take(fs, data + done, r->len - done);
		done += n;
	}
	err = p9_took(fs);
	return err ? err : !done && count ? -EINVAL : (int64_t)done;
}
