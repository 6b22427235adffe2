// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What is known of instances, on the disk: a folder for each in the user's state directory.
//
//	lock          its monitor holds a flock on it: the instance is alive
//	state.json    name, image, pid, ports and the like, written when it starts
//	exit          status and, after a space, a message; written when it ends. Empty in an
//	              instance that is not alive: its monitor was killed, the instance is dead
//	log           output of a detached instance
//	control.sock  where a living one answers (monitor/control.h)
//
// The state directory is $XDG_RUNTIME_DIR/pith, /run/user/UID/pith or /tmp/pith-UID, of mode 0700
// and its user's own. The folders are in `instances` in it. Where root is the user, these are open
// to the group nobody (0770), because root's monitors drop root (monitor/sandbox.h) and remove
// their folder in the end, by way of descriptors that were opened before.
#ifndef HOST_STATE_H
#define HOST_STATE_H

#include <stdbool.h>
#include <sys/types.h>

#include <cjson/cJSON.h>

#include <host/failure.h>

#define STATE_NAME_MAX 63
#define STATE_PATH_MAX 4096
#define STATE_NOBODY 65534 // user and group of a monitor that was root; files are open to the group

struct instance {
	char name[STATE_NAME_MAX + 1];
	char dir[STATE_PATH_MAX];
	int all_fd; // the folder of all instances. -1: not open, as the others
	int dir_fd, lock_fd, exit_fd;
};

enum instance_state { INSTANCE_RUNNING, INSTANCE_EXITED, INSTANCE_DEAD };

struct instance_info {
	enum instance_state state;
	int status;          // EXITED
	char message[1024];  // EXITED with a crash
	cJSON *json;         // state.json, or NULL
};

// The state directory, made if needed; checked. 0 or a negative errno.
int state_root(char path[STATE_PATH_MAX], struct failure *why);

// A new instance, alive from now on. name NULL: one is made up. -EEXIST: the name is in use.
int instance_create(struct instance *in, const char *name, struct failure *why);
int instance_write(struct instance *in, const cJSON *state, struct failure *why); // state.json
void instance_end(struct instance *in, int status,
		  const char *message);	   // exit; and it is no longer alive
void instance_killed(struct instance *in); // exit, in place of the monitor that we have killed
void instance_remove(struct instance *in); // and all of its files
void instance_close(struct instance *in);

// One that exists. -ENOENT: there is none of that name.
int instance_open(struct instance *in, const char *name, struct failure *why);
int instance_look(struct instance *in, struct instance_info *info);
void instance_info_free(struct instance_info *info);
pid_t instance_pid(const struct instance_info *info); // of its monitor, or 0

// Calls f for each instance by ascending name, with it open; f gives 0 to go on.
int instances_each(int (*f)(struct instance *in, void *arg), void *arg, struct failure *why);

#endif
