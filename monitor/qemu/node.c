// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A /dev/kvm that belongs to QEMU's user, where the host's is root's alone. Staying root would be simpler, but then the
// monitor, which is nobody, could not end it. It is seen in QEMU's mount namespace only (fsopen(2), move_mount(2)).
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <monitor/qemu/half.h>

// A file system of its own with the one device in it, on no path. Gives its descriptor.
static int make(dev_t device, uid_t uid, gid_t gid)
{
	int fs = fsopen("tmpfs", FSOPEN_CLOEXEC), at;

	if (fs < 0 || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -errno;
	at = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	if (at < 0 || mknodat(at, "kvm", S_IFCHR | 0600, device) || fchownat(at, "kvm", uid, gid, 0))
		return -errno;
	close(fs);
	return at;
}

int qemu_own_kvm(uid_t uid, gid_t gid)
{
	struct stat st;
	int at, node;

	if (stat("/dev/kvm", &st) || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return -errno;
	at = make(st.st_rdev, uid, gid);
	if (at < 0)
		return at;
	node = open_tree(at, "kvm", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (node < 0 || move_mount(node, "", AT_FDCWD, "/dev/kvm", MOVE_MOUNT_F_EMPTY_PATH))
		return -errno;
	close(node);
	close(at);
	return 0;
}
