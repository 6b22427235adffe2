// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// With cancellation off the request waits; testcancel takes it.
//
// ERROR: yes
#include "t.h"

static volatile int cancelled;

static void *body(void *arg)
{
	int old;
	SHOW_RC(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old));
	SHOW(old == PTHREAD_CANCEL_ENABLE);
	while (!cancelled)
		t_sleep_ms(1);
	t_sleep_ms(1);
	say("still here");
	SHOW_RC(pthread_setcancelstate(77, &old));
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_testcancel();
	say("not reached");
	return NULL;
}

int main(void)
{
	void *result = NULL;
	pthread_t thread = t_thread(body, NULL);
	pthread_cancel(thread);
	cancelled = 1;
	pthread_join(thread, &result);
	CHECK(result == PTHREAD_CANCELED);
	return 0;
}
