// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Globals are built in order before main and destroyed in reverse after it; locals on first use.
#include <cstdio>

struct noisy {
	const char *name;
	explicit noisy(const char *n) : name(n) { std::printf("build %s\n", name); }
	~noisy() { std::printf("destroy %s\n", name); }
};

static noisy first("first"), second("second");

static noisy &local()
{
	static noisy it("local");
	return it;
}

int main()
{
	std::printf("main\n");
	local();
	local();
	std::printf("end of main\n");
}
