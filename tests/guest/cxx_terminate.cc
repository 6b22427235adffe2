// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Throwing out of noexcept calls the terminate handler.
//
// STATUS: 12
// ERROR: yes
#include <cstdlib>
#include <exception>
#include <iostream>

static void fall() noexcept { throw 1; }

int main()
{
	std::set_terminate([] {
		std::cout << "terminate handler" << std::endl;
		std::_Exit(12);
	});
	fall();
}
