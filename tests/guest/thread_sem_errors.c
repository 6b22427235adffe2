// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// trywait on nothing, timeouts, overflow.
//
// ERROR: yes
#include "t.h"
#include <semaphore.h>

int main(void)
{
	sem_t sem;
	struct timespec ts = { 1, 0 }, bad = { 1, -1 };
	SHOW(sem_init(&sem, 0, 1));
	SHOW(sem_trywait(&sem));
	CHECK_ERR(sem_trywait(&sem), EAGAIN);
	CHECK_ERR(sem_timedwait(&sem, &ts), ETIMEDOUT);
	CHECK_ERR(sem_timedwait(&sem, &bad), EINVAL);
	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec = (ts.tv_nsec + 20000000) % 1000000000;
	ts.tv_sec += ts.tv_nsec < 20000000;
	CHECK_ERR(sem_timedwait(&sem, &ts), ETIMEDOUT);
	CHECK_ERR(sem_init(&sem, 0, 0x80000000u), EINVAL);
	SHOW(sem_init(&sem, 0, 0x7fffffff));
	CHECK_ERR(sem_post(&sem), EOVERFLOW);
	return 0;
}
