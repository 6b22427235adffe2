// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Many threads write lines to one stream: no line is torn, none is lost.
#include "t.h"

static FILE *file;

static void *body(void *arg)
{
	for (int i = 0; i < 200; i++)
		fprintf(file, "thread %d line %d\n", (int)(uintptr_t)arg, i);
	return NULL;
}

int main(void)
{
	pthread_t threads[5];
	int who, line, lines = 0, next[5] = { 0 };
	t_dir();
	file = fopen("a", "w+");
	for (uintptr_t i = 0; i < 5; i++)
		threads[i] = t_thread(body, (void *)i);
	for (int i = 0; i < 5; i++)
		t_join(threads[i]);
	rewind(file);
	while (fscanf(file, "thread %d line %d\n", &who, &line) == 2) {
		NEED(who >= 0 && who < 5 && line == next[who]);
		next[who]++;
		lines++;
	}
	SHOW(lines);
	return 0;
}
