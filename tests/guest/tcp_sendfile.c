// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sendfile from a file to a connection.
//
// NET: yes
#include "tnet.h"
#include <sys/sendfile.h>

enum { SIZE = 200000 };
static int p[2];

static void *reader(void *arg)
{
	static unsigned char got[SIZE];
	SHOW(read_all(p[1], got, SIZE));
	int wrong = 0;
	for (int i = 0; i < SIZE; i++)
		wrong += got[i] != (unsigned char)(i * 31 >> 3);
	SHOW(wrong);
	return NULL;
}

int main(void)
{
	static unsigned char data[SIZE];
	t_dir();
	tcp_pair(p);
	for (int i = 0; i < SIZE; i++)
		data[i] = i * 31 >> 3;
	int fd = open("a", O_CREAT | O_RDWR, 0600);
	write_all(fd, data, SIZE);
	pthread_t thread = t_thread(reader, NULL);
	off_t off = 0;
	while (off < SIZE)
		NEED(sendfile(p[0], fd, &off, SIZE - off) > 0);
	t_join(thread);
	SHOW(off);
	return 0;
}
