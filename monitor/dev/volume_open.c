// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes from the command line to open descriptors. What cannot work is told here, before the
// instance starts.
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <monitor/dev/volume_node.h>

static int need_openat2(struct failure *why)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC };
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how));

	if (fd < 0)
		return failure_errno(why, -errno,
				     "volumes need Linux 5.6 or newer (openat2, which a container "
				     "must allow)");
	close(fd);
	return 0;
}

static int open_one(struct volume *at, const struct volume_spec *spec, struct stat *st,
		    struct failure *why)
{
	at->readonly = spec->readonly;
	at->fd = open(spec->host, O_PATH | O_CLOEXEC);
	if (at->fd < 0 && errno == ENOENT)
		return failure_set(why, -ENOENT,
				   "-v %s:%s: there is no %s on this host; make it first",
				   spec->host, spec->guest, spec->host);
	if (at->fd < 0 || fstat(at->fd, st))
		return failure_errno(why, -errno, "-v %s:%s: cannot open %s", spec->host,
				     spec->guest, spec->host);
	at->file = S_ISREG(st->st_mode);
	if (!at->file && !S_ISDIR(st->st_mode))
		return failure_set(why, -ENOTDIR,
				   "-v %s:%s: %s is neither a directory nor a plain file",
				   spec->host, spec->guest, spec->host);
	return 0;
}

// May the user that the monitor will be do there what the volume is for?
static int check_access(const struct volumes *v, unsigned i, const struct volume_spec *spec,
			struct failure *why)
{
	int want = R_OK | (v->at[i].file ? 0 : X_OK) | (spec->readonly ? 0 : W_OK);
	char name[16];

	snprintf(name, sizeof(name), "%d", v->at[i].fd);
	if (!faccessat(v->proc_fd, name, want, AT_EACCESS))
		return 0;
	if (errno == EROFS)
		return failure_set(why, -EROFS,
				   "-v %s:%s: the host's file system there is read-only; say "
				   "%s:%s:ro", spec->host, spec->guest, spec->host, spec->guest);
	return failure_errno(why, -errno, "-v %s:%s: the user %u may not %s %s%s", spec->host,
			     spec->guest, v->uid, spec->readonly ? "read" : "write", spec->host,
			     geteuid() == getuid() ? "" :
			     " (with several volumes the monitor of root is the owner of the first "
			     "that is not :ro)");
}

// Switches the capabilities that the process has on or off.
static int use_capabilities(bool on)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct set[2];

	if (syscall(SYS_capget, &head, set))
		return -errno;
	for (int i = 0; i < 2; i++)
		set[i].effective = on ? set[i].permitted : 0;
	return syscall(SYS_capset, &head, set) ? -errno : 0;
}

// Root looks with the eyes of the user that it will become, who has no capabilities. Where a
// container does not let it, it stays root.
static int check_all(const struct volumes *v, const struct volume_spec *specs, struct failure *why)
{
	bool root = geteuid() == 0, other = root && v->uid && !setegid(v->gid) && !seteuid(v->uid);
	int r = root ? use_capabilities(false) : 0;

	for (unsigned i = 0; i < v->count && !r; i++)
		r = check_access(v, i, &specs[i], why);
	if (root && (use_capabilities(true) || (other && (seteuid(0) || setegid(0)))))
		r = failure_errno(why, -EPERM, "cannot become root again");
	return r;
}

int volumes_open(struct volumes *v, const struct volume_spec *specs, unsigned count,
		 struct failure *why)
{
	bool chosen = false;
	int r;

	memset(v, 0, sizeof(*v));
	v->proc_fd = -1;
	v->uid = geteuid();
	v->gid = getegid();
	if (!count)
		return 0;
	if (count > VOLUME_COUNT_MAX)
		return failure_set(why, -E2BIG, "there can be %d volumes at most",
				   VOLUME_COUNT_MAX);
	r = need_openat2(why);
	v->proc_fd = r ? -1 : open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (!r && v->proc_fd < 0)
		return failure_errno(why, -errno, "volumes need /proc");
	for (unsigned i = 0; i < count && !r; i++) {
		struct stat st;

		v->at[v->count].lock_fd = -1;
		v->at[v->count++].fd = -1;
		r = open_one(&v->at[i], &specs[i], &st, why);
		if (!r && geteuid() == 0 && (!i || (!chosen && !specs[i].readonly))) {
			v->uid = st.st_uid;
			v->gid = st.st_gid;
			chosen = !specs[i].readonly;
		}
	}
	if (!r)
		r = check_all(v, specs, why);
	if (!r && (r = nodes_create(v)))
		r = failure_errno(why, r, "volumes");
	return r;
}

void volumes_start(const struct volumes *v)
{
	if (!v->count)
		return;
	umask(0);
	signal(SIGXFSZ, SIG_IGN);
}

void volumes_close(struct volumes *v)
{
	for (unsigned i = 0; i < v->count; i++) {
		if (v->at[i].fd >= 0)
			close(v->at[i].fd);
		if (v->at[i].lock_fd >= 0)
			close(v->at[i].lock_fd);
	}
	if (v->proc_fd >= 0)
		close(v->proc_fd);
	nodes_free(v);
	memset(v, 0, sizeof(*v));
	v->proc_fd = -1;
}
