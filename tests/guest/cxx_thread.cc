// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// std::thread and std::mutex: counts add up.
//
// LINK: static-pie
#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

int main()
{
	std::mutex lock;
	std::atomic<int> atomic{0};
	int plain = 0;
	std::vector<std::thread> threads;
	for (int i = 0; i < 8; i++)
		threads.emplace_back([&, i] {
			for (int k = 0; k < 1000; k++) {
				atomic += i;
				std::lock_guard<std::mutex> guard(lock);
				plain += i;
			}
		});
	for (auto &thread : threads)
		thread.join();
	std::cout << plain << ' ' << atomic << ' ' << (std::thread::hardware_concurrency() > 0) << '\n';
}
