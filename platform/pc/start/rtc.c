// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The real-time clock (MC146818 data sheet), which runs in UTC and counts years of this century.
#include <drivers/io.h>
#include <platform/pc/start/start.h>

static uint8_t cmos(uint8_t reg)
{
	io_out8(0x70, reg);
	return io_in8(0x71);
}

static int64_t days(int64_t y, unsigned m, unsigned d) // since 1970-01-01, of the Gregorian calendar
{
	y -= m <= 2;
	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * (m + (m > 2 ? -3u : 9u)) + 2) / 5 + d - 1 -
	       719468;
}

// False: there is no clock.
static bool rests(void)
{
	for (int tries = 0; tries < 10000; tries++) // 2 ms at most
		if (!(cmos(10) & 0x80))
			return true;
	return false;
}

int64_t rtc_read(void)
{
	static const uint8_t reg[6] = { 0, 2, 4, 7, 8, 9 }; // seconds ... year
	uint8_t v[6], b;
	int tries = 0;

	do { // a host with much else to do may let a second pass in the middle
		if (!rests())
			return 0;
		for (int i = 0; i < 6; i++)
			v[i] = cmos(reg[i]);
	} while (cmos(0) != v[0] && ++tries < 10);
	b = cmos(11);
	for (int i = 0; i < 6 && !(b & 4); i++)
		v[i] = (uint8_t)((v[i] >> 4) * 10 + (v[i] & 15)); // BCD
	if (v[4] < 1 || v[4] > 12 || v[3] < 1 || v[3] > 31)
		return 0;
	return ((days(2000 + v[5], v[4], v[3]) * 24 + v[2]) * 60 + v[1]) * 60 + v[0];
}
