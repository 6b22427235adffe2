// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cli/commands.h>
#include <cli/end.h>
#include <host/network.h>

#define STEP_MS 10
#define KILL_WAIT_MS 5000

// The pid is from state.json, and the instance was alive a moment ago: its lock is held by that
// process.
int end_signal(struct instance *in, const struct instance_info *info, int signo,
	       struct failure *why)
{
	pid_t pid = instance_pid(info);

	if (!pid)
		return failure_set(why, -ESRCH, "%s has no process yet", in->name);
	if (kill(pid, signo))
		return failure_errno(why, -errno, "cannot send %s to %s (process %d)",
				     sigabbrev_np(signo) ? sigabbrev_np(signo) : "the signal",
				     in->name, (int)pid);
	return 0;
}

bool end_wait(struct instance *in, unsigned ms)
{
	const struct timespec step = { 0, STEP_MS * 1000000 };
	struct instance_info info;

	for (unsigned waited = 0;; waited += STEP_MS) {
		if (instance_look(in, &info))
			return false;
		instance_info_free(&info);
		if (info.state != INSTANCE_RUNNING)
			return true;
		if (waited >= ms)
			return false;
		nanosleep(&step, NULL);
	}
}

static int end_one(const char *name,
		   int (*act)(struct instance *in, const struct instance_info *info,
			      const void *how, struct failure *why),
		   const void *how)
{
	struct instance_info info;
	struct failure why;
	struct instance in;
	int r = instance_open(&in, name, &why);

	if (r)
		return cli_fail(&why);
	r = instance_look(&in, &info);
	if (r)
		failure_errno(&why, r, "%s", name);
	else
		r = act(&in, &info, how, &why);
	instance_info_free(&info);
	instance_close(&in);
	return r ? cli_fail(&why) : 0;
}

int end_each(char *const *names,
	     int (*act)(struct instance *in, const struct instance_info *info, const void *how,
			struct failure *why),
	     const void *how)
{
	int status = 0;

	for (; *names; names++) {
		if (end_one(*names, act, how))
			status = STATUS_FAILED;
	}
	return status;
}

void end_leave_network(struct instance *in, const struct instance_info *info)
{
	const char *network = cJSON_GetStringValue(cJSON_GetObjectItem(info->json, "network"));

	if (network)
		network_forget(network, in->name);
}

int end_kill(struct instance *in, const struct instance_info *info, struct failure *why)
{
	int r = end_signal(in, info, SIGKILL, why);

	if (r && r != -ESRCH)
		return r;
	if (!end_wait(in, KILL_WAIT_MS))
		return failure_set(why, -ETIMEDOUT, "%s did not end after SIGKILL", in->name);
	end_leave_network(in, info);
	if (cJSON_IsFalse(cJSON_GetObjectItem(info->json, "kept")))
		instance_remove(in);
	else
		instance_killed(in);
	return 0;
}
