// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes, the host's side of include/pith/volume.h. The guest reaches what is beneath a volume's
// directory and nothing else: by the names that it gives (single components, looked up with
// RESOLVE_BENEATH, links not followed), and by Landlock, which monitor/sandbox.c sets up for the
// descriptors in struct volumes, should a check here be wrong. A read-only volume is read-only in
// both.
//
// Who: files are opened and made as the user that the monitor runs as. A monitor of root's becomes
// the owner of the first volume that can be written (of the first, if none can), without any
// capability, so it may do there what that owner may. Set-id bits of files are dropped, and device
// nodes are not made.
#ifndef MONITOR_DEV_VOLUME_H
#define MONITOR_DEV_VOLUME_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <host/failure.h>
#include <monitor/gpa.h>
#include <pith/volume.h>

struct volume_spec {
	const char *host, *guest; // guest: as option_volume() gives it
	bool readonly;
};

struct volume {
	int fd;        // the directory or file, O_PATH
	bool readonly;
	bool file;     // a single regular file
	bool disk;     // with a file system in it, which the guest mounts
	int lock_fd;   // of a file: holds a disk's locks; -1: none
};

struct volume_worker; // monitor/dev/volume_later.c
struct volume_nodes; // monitor/dev/volume_node.h
struct volumes {
	struct volume at[VOLUME_COUNT_MAX];
	unsigned count;
	uid_t uid; // who the monitor must be when it serves
	gid_t gid;
	int proc_fd; // /proc/self/fd: from a descriptor to another of the same file
	struct volume_nodes *nodes;
	struct volume_worker *worker; // NULL: every sync is done at once
	uint64_t bytes_read, bytes_written; // for `pith inspect`
};

// Opens all, before the sandbox. 0 or a negative errno with *why.
int volumes_open(struct volumes *v, const struct volume_spec *specs, unsigned count,
		 struct failure *why);
// Which of the files are disks. Nobody else has those from here on: -EBUSY. 0 or a negative errno
// with *why. `able`: the image can mount them (IMAGE_F_DISKS).
int volumes_find_disks(struct volumes *v, const struct volume_spec *specs, bool able,
		       struct failure *why);
// -EINVAL: the image cannot mount the disk.
int volume_disk_unable(const struct volume_spec *s, struct failure *why);
// Serves the request in *shared, which is guest memory as `ram` is. Never blocks but for the disk.
void volumes_serve(struct volumes *v, const struct gpa_space *ram, struct volume_request *shared);
// From here on files get the mode that the guest says, and a file that is too long for a limit of
// the host is an error, not the monitor's end.
void volumes_start(const struct volumes *v);
// Starts the thread that does what may come later; it writes to wake_fd, an eventfd, when something
// is done. 0 or a negative errno. volumes_stop(): it touches the guest's memory no more.
int volumes_work(struct volumes *v, struct volume_request *shared, int wake_fd);
void volumes_stop(struct volumes *v);
void volumes_close(struct volumes *v);

#endif
