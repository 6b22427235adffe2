// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What waits for a disk is done by a thread of its own, so that neither the guest's other threads
// nor its network wait with it. One thread: syncs of one file system do not go faster side by side.
// It knows descriptors of its own (copies), never nodes, and of the guest's memory only the
// answers.
//
// It begins before the monitor's filter of system calls, which is then put over both threads, and
// it never ends: the process does.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <monitor/dev/volume_op.h>

#define STACK (64ul << 10)

struct job {
	int fd;
	uint32_t slot;
	int (*sync)(int fd);
};

struct volume_worker {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct job jobs[VOLUME_LATER_MAX]; // [head, head + count), round
	unsigned head, count;
	bool ready, busy, stopped;
	int wake_fd;
	int32_t *later; // in guest memory
};

static void finish(const struct volume_worker *w, const struct job *job)
{
	const uint64_t one = 1;
	int32_t r = job->sync(job->fd) ? -errno : 0;

	close(job->fd);
	__atomic_store_n(&w->later[job->slot], r, __ATOMIC_SEQ_CST);
	if (write(w->wake_fd, &one, sizeof(one)) < 0)
		return; // the counter is full: whoever reads it wakes up
}

static void *work(void *arg)
{
	struct volume_worker *w = arg;

	pthread_mutex_lock(&w->lock);
	w->ready = true;
	for (;;) {
		struct job job;

		pthread_cond_broadcast(&w->changed);
		while (!w->count || w->stopped)
			pthread_cond_wait(&w->changed, &w->lock);
		job = w->jobs[w->head];
		w->head = (w->head + 1) % VOLUME_LATER_MAX;
		w->count--;
		w->busy = true;
		pthread_mutex_unlock(&w->lock);
		finish(w, &job);
		pthread_mutex_lock(&w->lock);
		w->busy = false;
	}
	return NULL;
}

// Signals are the other thread's.
static int begin(struct volume_worker *w)
{
	pthread_attr_t attr;
	sigset_t all, before;
	pthread_t thread;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	r = pthread_create(&thread, &attr, work, w);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r)
		return -r;
	pthread_mutex_lock(&w->lock);
	while (!w->ready)
		pthread_cond_wait(&w->changed, &w->lock);
	pthread_mutex_unlock(&w->lock);
	return 0;
}

int volumes_work(struct volumes *v, struct volume_request *shared, int wake_fd)
{
	struct volume_worker *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->changed, NULL);
	w->wake_fd = wake_fd;
	w->later = shared->later;
	r = begin(w);
	if (r)
		free(w);
	else
		v->worker = w;
	return r;
}

bool volume_later(struct volumes *v, const struct node *n, uint32_t slot, int (*sync)(int fd))
{
	struct volume_worker *w = v->worker;
	int fd = w && slot < VOLUME_LATER_MAX ? dup(n->fd) : -1;
	bool room;

	if (fd < 0)
		return false;
	pthread_mutex_lock(&w->lock);
	room = w->count < VOLUME_LATER_MAX;
	if (room)
		w->jobs[(w->head + w->count++) % VOLUME_LATER_MAX] = (struct job){ fd, slot, sync };
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
	if (!room)
		close(fd);
	return room;
}

void volumes_stop(struct volumes *v)
{
	struct volume_worker *w = v->worker;

	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopped = true;
	while (w->busy)
		pthread_cond_wait(&w->changed, &w->lock);
	pthread_mutex_unlock(&w->lock);
	v->worker = NULL; // it sleeps on what is in it, as long as the process lives
}
