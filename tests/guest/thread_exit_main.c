// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The main thread ends first; the program goes on and its status is that of the last.
//
// STATUS: 5
#include "t.h"

static pthread_t main_thread;

static void *body(void *arg)
{
	SHOW_RC(pthread_join(main_thread, NULL));
	say("main has ended");
	exit(5);
}

int main(void)
{
	main_thread = pthread_self();
	t_thread(body, NULL);
	pthread_exit(NULL);
}
