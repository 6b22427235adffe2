// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// std::async and promises bring values, and exceptions, across threads.
//
// ERROR: yes
#include <future>
#include <iostream>
#include <stdexcept>
#include <thread>

int main()
{
	auto sum = std::async(std::launch::async, [] {
		long total = 0;
		for (int i = 0; i < 1000; i++)
			total += i;
		return total;
	});
	std::cout << sum.get() << '\n';
	auto bad = std::async(std::launch::async,
			[]() -> int { throw std::runtime_error("from a thread"); });
	try {
		bad.get();
	} catch (const std::runtime_error &e) {
		std::cout << e.what() << '\n';
	}
	std::future<int> broken;
	{
		std::promise<int> promise;
		broken = promise.get_future();
	}
	try {
		broken.get();
	} catch (const std::future_error &e) {
		std::cout << (e.code() == std::future_errc::broken_promise) << '\n';
	}
	std::cout << (std::async(std::launch::deferred, [] { return 7; }).get()) << '\n';
}
