// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// System errors carry their code: files, filesystem, threads.
//
// ERROR: yes
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>
#include <thread>

int main()
{
	std::error_code code;
	std::filesystem::file_size("/none", code);
	std::cout << (code == std::errc::no_such_file_or_directory) << '\n';
	try {
		std::filesystem::directory_iterator("/none/none");
	} catch (const std::filesystem::filesystem_error &e) {
		std::cout << (e.code().value() == ENOENT) << ' ' << e.path1() << '\n';
	}
	std::ifstream in("/none");
	std::cout << in.is_open() << in.fail() << '\n';
	try {
		in.exceptions(std::ios::failbit);
	} catch (const std::ios_base::failure &) {
		std::cout << "failure\n";
	}
	try {
		std::thread().join();
	} catch (const std::system_error &e) {
		std::cout << (e.code() == std::errc::invalid_argument) << '\n';
	}
}
