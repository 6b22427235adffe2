// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Overrunning a thread's stack hits its guard page: SIGSEGV on the alternate stack.
//
// ERROR: yes
#include "t.h"

static sigjmp_buf jump;

static void handler(int sig) { siglongjmp(jump, 1); }

static unsigned __attribute__((noinline)) recurse(unsigned depth)
{
	volatile char frame[1024];
	frame[0] = depth;
	return frame[0] + recurse(depth + 1) + frame[0];
}

static void *body(void *arg)
{
	static char alt[65536];
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof alt };
	SHOW(sigaltstack(&ss, NULL));
	if (sigsetjmp(jump, 1)) {
		say("stack overflow caught");
		return NULL;
	}
	recurse(0);
	return NULL;
}

int main(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	t_catch(SIGSEGV, handler, SA_ONSTACK);
	pthread_attr_init(&attr);
	SHOW_RC(pthread_attr_setstacksize(&attr, 256 << 10));
	NEED(pthread_create(&thread, &attr, body, NULL) == 0); // silent: the thread may be first
	t_join(thread);
	return 0;
}
