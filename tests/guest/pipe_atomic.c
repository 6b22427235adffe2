// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Writes up to PIPE_BUF are never torn, from several threads and when there is too little room.
#include "t.h"

static int p[2];

static void *writer(void *arg)
{
	char block[512];
	memset(block, 'a' + (int)(uintptr_t)arg, sizeof block);
	for (int i = 0; i < 100; i++)
		NEED(write(p[1], block, sizeof block) == sizeof block);
	return NULL;
}

int main(void)
{
	pthread_t threads[4];
	int count[4] = { 0 };
	NEED(pipe(p) == 0);
	for (uintptr_t i = 0; i < 4; i++)
		threads[i] = t_thread(writer, (void *)i);
	for (int i = 0; i < 400; i++) {
		char block[512];
		for (size_t got = 0; got < sizeof block;)
			got += read(p[0], block + got, sizeof block - got);
		for (size_t k = 1; k < sizeof block; k++)
			NEED(block[k] == block[0]);
		count[block[0] - 'a']++;
	}
	for (int i = 0; i < 4; i++) {
		t_join(threads[i]);
		say("%d", count[i]);
	}
	return 0;
}
