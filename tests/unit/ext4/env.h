// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What stands for the rest of the library OS when kernel/fs/ext4 is tested on the host, a disk in
// memory that remembers every write and flush, images made and looked at by e2fsprogs, and requests
// as the front makes them.
#ifndef EXT4_ENV_H
#define EXT4_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <fs/ext4/ext4.h>

extern long env_allocations;        // what is still allocated
extern long env_fail_after;         // so many more allocations; -1: none fails
extern uint64_t env_time;           // what time_now() gives
extern bool env_quiet;              // messages are kept in env_said only
extern char env_said[4096];

struct step {         // what the disk was asked to do
	uint64_t sector;
	uint32_t len; // bytes; 0: a flush
	uint8_t *data;
};

struct disk {
	struct blockdev dev;
	uint8_t *data;
	uint64_t size;
	struct step *step;   // while `record` is set
	size_t steps, room;
	bool record;
	long fail_after;     // writes; -1: none fails
	uint64_t reads, writes, flushes;
};

// An image made by `mke2fs OPTIONS FILE`; behind a | is a command for debugfs. Ends the test if
// there is none.
void disk_make(struct disk *d, uint64_t size, const char *mke2fs);
void disk_empty(struct disk *d, uint64_t size);
void disk_free(struct disk *d);
void disk_forget_steps(struct disk *d);
// What is on the platter for certain, kept beside a disk that is recorded: moves on to its last
// flush.
void disk_settle(struct disk *d, uint8_t *platter);
// A disk as a loss of power in front of step `cut` may leave it: what was not flushed is there or
// not, in pieces of `piece` bytes, at random.
void disk_crash(struct disk *to, const struct disk *d, const uint8_t *platter, size_t cut,
		uint32_t piece);
// e2fsck with these options: its exit status; what it says is shown if it is not `expected` (-1:
// anything is).
int disk_fsck(struct disk *d, const char *options, int expected);
void disk_fsck_show(void);
bool disk_fsck_said(const char *what); // of the last one
void disk_save(const struct disk *d, const char *path);
void disk_load(struct disk *d, const char *path);
// debugfs -R command: what it says.
const char *disk_debugfs(const struct disk *d, const char *command);
char *env_folder(void); // of the tests; gone in the end

// A mounted file system with its requests. All give what the operation gives.
struct vol {
	struct disk *disk;
	struct ext4 *fs;
	struct volume_server *s;
	struct volume_request r;
};
int vol_mount(struct vol *v, struct disk *d);
int vol_unmount(struct vol *v);
// Nodes by number; what they give is the node, and they must be forgotten.
int64_t vol_lookup(struct vol *v, uint32_t dir, const char *name);
int64_t vol_create(struct vol *v, uint32_t dir, const char *name, uint32_t mode);
int64_t vol_symlink(struct vol *v, uint32_t dir, const char *name, const char *target);
int64_t vol_link(struct vol *v, uint32_t dir, const char *name, uint32_t node);
int64_t vol_unlink(struct vol *v, uint32_t dir, const char *name, bool directory);
int64_t vol_rename(struct vol *v, uint32_t dir, const char *name, uint32_t to, const char *name2,
		   uint32_t flags);
int64_t vol_open(struct vol *v, uint32_t node, bool write);
int64_t vol_read(struct vol *v, uint32_t node, uint64_t off, void *to, size_t len);
int64_t vol_write(struct vol *v, uint32_t node, uint64_t off, const void *from, size_t len,
		  uint32_t flags);
int64_t vol_truncate(struct vol *v, uint32_t node, uint64_t size);
int64_t vol_getattr(struct vol *v, uint32_t node); // in v->r.attr
int64_t vol_fsync(struct vol *v, uint32_t node, bool data);
int64_t vol_allocate(struct vol *v, uint32_t node, uint32_t mode, uint64_t off, uint64_t len);
int64_t vol_seek(struct vol *v, uint32_t node, uint64_t off, int whence);
int64_t vol_readlink(struct vol *v, uint32_t node, char *to, size_t len);
int64_t vol_readdir(struct vol *v, uint32_t node, uint64_t *off, void *to, size_t len);
int64_t vol_statfs(struct vol *v);
void vol_forget(struct vol *v, uint32_t node);

#endif
