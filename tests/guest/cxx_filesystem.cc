// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// std::filesystem makes, walks and removes a tree.
#include "t.h"
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

int main()
{
	namespace fs = std::filesystem;
	t_dir();
	fs::create_directories("a/b/c");
	std::ofstream("a/b/file") << "some text\n" << 123;
	fs::copy_file("a/b/file", "a/copy");
	fs::rename("a/copy", "a/b/c/moved");
	std::vector<std::string> names;
	for (auto &entry : fs::recursive_directory_iterator("a"))
		names.push_back(entry.path().string() + (entry.is_directory() ? "/" : ""));
	std::sort(names.begin(), names.end());
	for (auto &name : names)
		std::cout << name << '\n';
	std::ifstream in("a/b/c/moved");
	std::string word;
	while (in >> word)
		std::cout << word << '\n';
	std::cout << fs::file_size("a/b/file") << ' ' << fs::exists("a/copy") << '\n';
	std::cout << fs::remove_all("a") << '\n';
}
