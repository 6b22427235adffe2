// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Three megabytes through a small buffer, checked on reading back.
#include "t.h"

int main(void)
{
	static uint32_t block[4096 / 4], x = 1;
	uint64_t sum = 0, back = 0;
	t_dir();
	int fd = open("big", O_CREAT | O_RDWR, 0600);
	for (int i = 0; i < 768; i++) {
		for (int k = 0; k < 1024; k++)
			sum += block[k] = x = x * 1664525 + 1013904223;
		NEED(write(fd, block, sizeof block) == sizeof block);
	}
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(lseek(fd, 0, SEEK_SET));
	for (int i = 0; i < 768; i++) {
		NEED(read(fd, block, sizeof block) == sizeof block);
		for (int k = 0; k < 1024; k++)
			back += block[k];
	}
	SHOW(read(fd, block, 1));
	CHECK(sum == back);
	SHOW(sum);
	return 0;
}
