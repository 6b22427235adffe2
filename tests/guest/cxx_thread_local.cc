// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// thread_local objects are built in each thread on use and destroyed at its end.
#include <cstdio>
#include <thread>

struct noisy {
	int n = 0;
	~noisy() { std::printf("destroy %d\n", n); }
};

static thread_local noisy mine;

int main()
{
	mine.n = 100;
	for (int i = 1; i <= 3; i++)
		std::thread([i] { mine.n = i; }).join();
	std::printf("main has %d\n", mine.n);
}
