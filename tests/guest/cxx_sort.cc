// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Containers and algorithms over a hundred thousand numbers.
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <map>
#include <numeric>
#include <string>
#include <unordered_map>
#include <vector>

int main()
{
	std::vector<uint32_t> v(100000);
	uint32_t x = 1;
	for (auto &n : v)
		n = x = x * 1664525 + 1013904223;
	uint64_t sum = std::accumulate(v.begin(), v.end(), uint64_t(0));
	std::sort(v.begin(), v.end());
	std::cout << std::is_sorted(v.begin(), v.end()) << ' ' << (std::accumulate(v.begin(), v.end(),
			uint64_t(0)) == sum) << '\n';
	std::map<std::string, int> tree;
	std::unordered_map<std::string, int> hash;
	for (int i = 0; i < 5000; i++) {
		tree[std::to_string(i * 7919 % 5000)] += i;
		hash[std::to_string(i * 7919 % 5000)] += i;
	}
	bool same = true;
	for (auto &[key, value] : tree)
		same = same && hash[key] == value;
	std::cout << tree.size() << ' ' << hash.size() << ' ' << same << ' ' << tree.begin()->first
			<< '\n';
}
