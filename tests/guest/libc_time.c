// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Dates in UTC: gmtime, strftime, mktime and timegm.
//
// ENV: TZ=UTC
#include "t.h"

int main(void)
{
	char text[64];
	time_t times[] = { 0, 951782400, 1700000000, 4102444799, -1 };
	for (int i = 0; i < 5; i++) {
		struct tm tm;
		gmtime_r(&times[i], &tm);
		strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %j", &tm);
		say("%s", text);
		CHECK(timegm(&tm) == times[i]);
	}
	struct tm tm = { .tm_year = 124, .tm_mon = 1, .tm_mday = 30, .tm_hour = 25 };
	SHOW(mktime(&tm));
	say("%d-%d %d", tm.tm_mon + 1, tm.tm_mday, tm.tm_hour);
	tzset();
	say("%s", tzname[0]);
	return 0;
}
