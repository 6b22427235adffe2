// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Numbers and strings in all shapes.
#include "t.h"

int main(void)
{
	double values[] = { 0, -0.0, 1.5, 3.141592653589793, 1e300, 1e-300, 123456789.125, 1.0 / 0.0,
			5e-324 };
	for (int i = 0; i < 9; i++)
		printf("%g|%.3f|%e|%a|%.17g\n", values[i], i == 4 ? 0 : values[i], values[i], values[i],
				values[i]);
	printf("[%5d] [%-5d] [%05d] [%+d] [%x] [%#o] [%llu]\n", 42, 42, 42, 42, 0xbeefu, 8u, ~0ull);
	printf("[%10s] [%-10s] [%.2s] [%c] [%%] [%5.1f]\n", "right", "left", "cut", 'c', 9.96);
	printf("%2$s %1$s\n", "world", "hello");
	int n = 0;
	char small[5];
	n = snprintf(small, sizeof small, "%s", "too long");
	printf("%d %s\n", n, small);
	float f;
	char word[8];
	n = sscanf(" 12:abc 3.5", "%d:%7s %f", &n, word, &f) + 100 * n;
	printf("%s %.1f\n", word, f);
	return 0;
}
