// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A queue between threads with a condition variable, and a wait that times out.
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <queue>
#include <thread>

int main()
{
	std::mutex lock;
	std::condition_variable cond;
	std::queue<int> queue;
	std::thread producer([&] {
		for (int i = 1; i <= 300; i++) {
			std::lock_guard<std::mutex> guard(lock);
			queue.push(i);
			cond.notify_one();
		}
	});
	int sum = 0;
	for (int got = 0; got < 300; got++) {
		std::unique_lock<std::mutex> guard(lock);
		cond.wait(guard, [&] { return !queue.empty(); });
		sum += queue.front();
		queue.pop();
	}
	producer.join();
	std::unique_lock<std::mutex> guard(lock);
	bool woken = cond.wait_for(guard, std::chrono::milliseconds(15), [] { return false; });
	std::cout << sum << ' ' << woken << '\n';
}
