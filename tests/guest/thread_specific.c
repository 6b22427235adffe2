// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Keys hold a value a thread; destructors run at its end.
#include "t.h"

static pthread_key_t key;

static void destroy(void *value) { say("destroy %d", (int)(uintptr_t)value); }

static void *body(void *arg)
{
	SHOW(pthread_getspecific(key) == NULL);
	pthread_setspecific(key, arg);
	SHOW((uintptr_t)pthread_getspecific(key));
	return NULL;
}

int main(void)
{
	SHOW_RC(pthread_key_create(&key, destroy));
	pthread_setspecific(key, (void *)99);
	for (uintptr_t i = 1; i <= 3; i++)
		t_join(t_thread(body, (void *)i));
	SHOW((uintptr_t)pthread_getspecific(key));
	SHOW_RC(pthread_key_delete(key));
	return 0;
}
