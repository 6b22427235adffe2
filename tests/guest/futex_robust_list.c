// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A robust list by system call: at the thread's end the word gets FUTEX_OWNER_DIED and one waiter
// is woken.
//
// ERROR: yes
#include "t.h"
#include "tfutex.h"

struct node { struct node *next; int word; };
struct head { struct node *list; long offset; struct node *pending; };

static struct node node;
static struct head head = { &node, offsetof(struct node, word), NULL };

static void *body(void *arg)
{
	node.next = (struct node *)&head;
	NEED(syscall(SYS_set_robust_list, &head, sizeof head) == 0);
	node.word = syscall(SYS_gettid) | 0x80000000; // FUTEX_WAITERS
	t_sleep_ms(5);
	return NULL;
}

int main(void)
{
	CHECK_ERR(syscall(SYS_set_robust_list, &head, 5), EINVAL);
	pthread_t thread = t_thread(body, NULL);
	t_join(thread);
	CHECK((node.word & 0x40000000) != 0);
	SHOW(node.word & 0x3fffffff);
	return 0;
}
