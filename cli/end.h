// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Ending instances from outside: signals to the monitor, which gives them to the program.
#ifndef CLI_END_H
#define CLI_END_H

#include <host/state.h>

// Sends a signal to the monitor. 0 or a negative errno with *why.
int end_signal(struct instance *in, const struct instance_info *info, int signo,
	       struct failure *why);

// Waits until the instance is not alive any more. Gives false if that took longer than ms.
bool end_wait(struct instance *in, unsigned ms);

// SIGKILL, and waits. What it has left goes where it would have gone without that (--rm).
int end_kill(struct instance *in, const struct instance_info *info, struct failure *why);

// Calls act() for each of the instances named, up to the NULL; what fails is said and does not keep
// the others from their turn. Gives the command's exit status. act: 0, or a negative errno with *why.
int end_each(char *const *names,
	     int (*act)(struct instance *in, const struct instance_info *info, const void *how,
			struct failure *why),
	     const void *how);

// Takes what a monitor that is no more has left of it in its network.
void end_leave_network(struct instance *in, const struct instance_info *info);

#endif
