// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// std::regex matches, replaces, and refuses what is no expression.
//
// ERROR: yes
#include <iostream>
#include <regex>
#include <string>

int main()
{
	std::regex word("([a-z]+)@([a-z]+)\\.org");
	std::smatch m;
	std::string text = "mail anna@example.org and bob@test.org";
	while (std::regex_search(text, m, word)) {
		std::cout << m[1] << " at " << m[2] << '\n';
		text = m.suffix();
	}
	std::cout << std::regex_replace("a1b22c333", std::regex("[0-9]+"), "#") << '\n';
	try {
		std::regex bad("a(b");
	} catch (const std::regex_error &e) {
		std::cout << (e.code() == std::regex_constants::error_paren) << '\n';
	}
}
