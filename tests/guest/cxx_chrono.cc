// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sleeps and clocks of the library.
#include <chrono>
#include <iostream>
#include <thread>

int main()
{
	using namespace std::chrono;
	auto begin = steady_clock::now();
	std::this_thread::sleep_for(milliseconds(20));
	std::cout << (steady_clock::now() - begin >= milliseconds(20)) << '\n';
	auto end = steady_clock::now() + milliseconds(10);
	std::this_thread::sleep_until(end);
	std::cout << (steady_clock::now() >= end) << '\n';
	std::cout << (system_clock::to_time_t(system_clock::now()) > 1700000000) << '\n';
	std::cout << duration_cast<minutes>(hours(2)).count() << '\n';
}
