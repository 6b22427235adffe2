// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes: directories (or single files) of the host in the guest. The guest asks, the monitor
// does it and answers, one request at a time.
//
// There is one struct volume_request, in guest RAM (boot_block.volumes). The guest fills it in and
// crosses once (HOST_VOLUME on kvm, process_page.volume on process); when it comes back the answer
// is in the same struct. The monitor copies the request before it looks at it, and checks each
// field once. Bulk data (READ, WRITE, READDIR, READLINK, the target of a symbolic link) is in guest
// RAM at `data`, contiguous, at most VOLUME_DATA_MAX bytes.
//
// Nodes are files that the guest knows, by number. Volume i's root is node i + 1. LOOKUP, CREATE
// and RENAME give others; the same file always has the same number for as long as the guest keeps
// it. A node holds a descriptor in the monitor, so a file that loses its names lives on; there is a
// limit (-ENFILE), and the guest gives back what it does not need, in `forget` of any request.
// Names are single components: never "." or "..", never with a slash. The guest follows symbolic
// links.
//
// A disk may take its time. With VOLUME_F_LATER a sync may be answered by VOLUME_LATER: then
// later[mode], which the guest had set to VOLUME_LATER before, becomes its result in the end, and
// the guest is woken as for anything else that it waits for.
//
// What WRITE has acknowledged is in the host's page cache: it survives the end of the instance,
// however it comes. What FSYNC has acknowledged is on the host's disk.
#ifndef PITH_VOLUME_H
#define PITH_VOLUME_H

#include <stddef.h>
#include <stdint.h>

#define VOLUME_VERSION 1
#define VOLUME_COUNT_MAX 16
#define VOLUME_DATA_MAX (1ul << 20)
#define VOLUME_NAME_MAX 255
#define VOLUME_FORGET_MAX 32
#define VOLUME_LATER_MAX 64
#define VOLUME_LATER 1

enum volume_op {
	VOLUME_FORGET,   // nothing else
	VOLUME_LOOKUP,   // node, name -> found, attr
	VOLUME_CREATE,   // node, name, mode; a symbolic link's target is data, len -> found, attr
	VOLUME_LINK,     // node, name, other: what gets another name
	VOLUME_UNLINK,   // node, name; VOLUME_F_DIRECTORY -> found: the file, if the guest knows it
	VOLUME_RENAME,   // node, name to other, name2; VOLUME_F_NOREPLACE or VOLUME_F_EXCHANGE
			 // -> found and found2: of the directories that moved the one that is now
			 // at name2 and (exchange) at name, if the guest knows them; else 0
	VOLUME_READDIR,  // node, off, data, len -> bytes of struct linux_dirent64. 0: the end
	VOLUME_READLINK, // node, data, len -> bytes
	VOLUME_GETATTR,  // node -> attr
	VOLUME_SETATTR,  // node, attr; VOLUME_F_SET_* -> attr
	VOLUME_OPEN,     // node: READ, FSYNC and the like need it; VOLUME_F_WRITE: so does WRITE
	VOLUME_READ,     // node, off, data, len -> bytes
	VOLUME_WRITE,    // node, off, data, len; VOLUME_F_APPEND, VOLUME_F_SYNC,
			 // VOLUME_F_DSYNC -> bytes, end
	VOLUME_SEEK,     // node, off, mode: SEEK_DATA or SEEK_HOLE -> the position
	VOLUME_ALLOCATE, // node, off, len, mode: FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE
	VOLUME_FSYNC,    // node; VOLUME_F_DATA: fdatasync; VOLUME_F_LATER, mode
	VOLUME_SYNCFS,   // node; VOLUME_F_LATER, mode
	VOLUME_STATFS,   // node -> statfs
	VOLUME_OPS
};

#define VOLUME_F_DIRECTORY 0x1
#define VOLUME_F_NOREPLACE 0x1
#define VOLUME_F_EXCHANGE 0x2
#define VOLUME_F_WRITE 0x1
#define VOLUME_F_APPEND 0x1
#define VOLUME_F_SYNC 0x2
#define VOLUME_F_DSYNC 0x4
#define VOLUME_F_DATA 0x1
#define VOLUME_F_LATER 0x2
#define VOLUME_F_SET_MODE 0x1
#define VOLUME_F_SET_SIZE 0x2
#define VOLUME_F_SET_ATIME 0x4
#define VOLUME_F_SET_MTIME 0x8

// What READDIR gives, one behind the other: struct linux_dirent64 of getdents64(2).
struct volume_dirent {
	uint64_t ino, off;
	uint16_t len; // of this entry, to the next
	uint8_t type;
	char name[];
} __attribute__((packed));
_Static_assert(offsetof(struct volume_dirent, name) == 19, "Linux: linux_dirent64");

struct volume_attr {
	uint64_t dev, ino, nlink, rdev, size, blocks; // as stat(2)
	uint32_t mode, uid, gid, blksize;
	int64_t atime_ns, mtime_ns, ctime_ns;
	uint32_t own; // 1: it belongs to the user that the monitor runs as
	uint32_t pad;
};
_Static_assert(sizeof(struct volume_attr) == 96, "shared by guest and host");

struct volume_statfs {
	uint64_t type, bsize, blocks, bfree, bavail, files, ffree, namelen, frsize, flags;
	uint64_t pad[2];
};
_Static_assert(sizeof(struct volume_statfs) == sizeof(struct volume_attr), "a union");

struct volume_request {
	// Guest to host.
	uint32_t version; // VOLUME_VERSION
	uint32_t op;      // enum volume_op
	uint32_t flags;   // VOLUME_F_*, of the operation; no others
	uint32_t node, other;
	uint32_t mode;
	uint64_t off, len, data;
	uint16_t name_len, name2_len;
	uint32_t forget_count;
	uint32_t forget[VOLUME_FORGET_MAX];
	char name[VOLUME_NAME_MAX + 1], name2[VOLUME_NAME_MAX + 1]; // no NUL is needed
	// Both ways.
	union {
		struct volume_attr attr;
		struct volume_statfs statfs;
	};
	// Host to guest.
	int64_t result; // what the operation gives, or a negative errno of Linux
	uint64_t end;
	uint32_t found, found2;
	int32_t later[VOLUME_LATER_MAX]; // not part of a request: see above
};
_Static_assert(offsetof(struct volume_request, name) == 184, "shared by guest and host");
_Static_assert(offsetof(struct volume_request, attr) == 696, "shared by guest and host");
_Static_assert(offsetof(struct volume_request, result) == 792, "shared by guest and host");
_Static_assert(offsetof(struct volume_request, later) == 816, "shared by guest and host");
_Static_assert(sizeof(struct volume_request) == 1072, "shared by guest and host; one page");

#endif
