// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// set_tid_address answers the thread's number; at the thread's end the word is cleared and woken.
#include "t.h"
#include "tfutex.h"

static volatile int word = 1;

static void *body(void *arg)
{
	NEED(syscall(SYS_set_tid_address, &word) == syscall(SYS_gettid));
	say("address set");
	t_sleep_ms(5);
	syscall(SYS_exit, 0);
	return NULL;
}

int main(void)
{
	t_thread(body, NULL);
	while (word == 1)
		futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0);
	SHOW(word);
	return 0;
}
