// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// std::cin reads lines and words.
//
// STDIN: first line\n3 4 5 x\n
#include <iostream>
#include <string>

int main()
{
	std::string line;
	std::getline(std::cin, line);
	int n, sum = 0;
	while (std::cin >> n)
		sum += n;
	std::cout << line << ' ' << sum << ' ' << std::cin.fail() << ' ' << std::cin.eof() << '\n';
}
