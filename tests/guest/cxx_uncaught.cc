// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// An exception that nobody catches ends the program by abort.
//
// STATUS: 134
// ERROR: yes
#include <iostream>
#include <stdexcept>

int main()
{
	std::cout << "throwing" << std::endl;
	throw std::logic_error("uncaught");
}
