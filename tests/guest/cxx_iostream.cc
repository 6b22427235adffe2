// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Streams format numbers, and read them back.
//
// LINK: static-pie
#include <iomanip>
#include <iostream>
#include <sstream>

int main()
{
	std::cout << "hello " << 42 << ' ' << 3.25 << ' ' << std::hex << 255 << std::dec << std::endl;
	std::cout << std::setw(8) << std::setfill('*') << 7 << ' ' << std::fixed << std::setprecision(3)
			<< 2.0 / 3 << '\n';
	std::istringstream in("12 abc 1e3");
	int i;
	std::string s;
	double d;
	in >> i >> s >> d;
	std::cout << i << s << d << ' ' << in.eof() << '\n';
	std::cerr << "to stderr\n";
}
