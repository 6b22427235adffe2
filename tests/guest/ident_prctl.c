// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A thread's name is set and read, cut at fifteen bytes.
#include "t.h"
#include <sys/prctl.h>

static void *body(void *arg)
{
	char name[16];
	prctl(PR_SET_NAME, "worker");
	prctl(PR_GET_NAME, name);
	say("%s", name);
	return NULL;
}

int main(void)
{
	char name[16] = { 0 };
	SHOW(prctl(PR_SET_NAME, "short"));
	SHOW(prctl(PR_GET_NAME, name));
	say("%s", name);
	SHOW(prctl(PR_SET_NAME, "a name that is too long"));
	SHOW(prctl(PR_GET_NAME, name));
	say("%s", name);
	t_join(t_thread(body, NULL));
	SHOW(prctl(PR_GET_NAME, name));
	say("%s", name);
	return 0;
}
