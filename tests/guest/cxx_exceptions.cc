// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Exceptions unwind through frames and run destructors.
#include <iostream>
#include <stdexcept>

struct noisy {
	int n;
	~noisy() { std::cout << "destroy " << n << '\n'; }
};

static void descend(int depth)
{
	noisy guard{depth};
	if (depth == 0)
		throw std::runtime_error("bottom");
	descend(depth - 1);
}

int main()
{
	try {
		descend(3);
	} catch (const std::exception &e) {
		std::cout << "caught " << e.what() << '\n';
	}
	try {
		try {
			throw 5;
		} catch (int n) {
			std::cout << n << '\n';
			throw;
		}
	} catch (...) {
		std::cout << "again\n";
	}
	int caught = 0;
	for (int i = 0; i < 1000; i++)
		try {
			throw i;
		} catch (int n) {
			caught += n == i;
		}
	std::cout << caught << '\n';
}
