// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Many threads throw and catch at the same time.
//
// ERROR: yes
#include <atomic>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static void descend(int depth, int who)
{
	if (depth == 0)
		throw std::runtime_error(std::to_string(who));
	std::string guard(100, 'x');
	descend(depth - 1, who);
}

int main()
{
	std::atomic<int> right{0};
	std::vector<std::thread> threads;
	for (int i = 0; i < 6; i++)
		threads.emplace_back([&right, i] {
			for (int k = 0; k < 100; k++)
				try {
					descend(10, i * 1000 + k);
				} catch (const std::runtime_error &e) {
					right += e.what() == std::to_string(i * 1000 + k);
				}
		});
	for (auto &thread : threads)
		thread.join();
	std::cout << right << '\n';
}
