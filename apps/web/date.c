// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Dates; see date.h. Days are counted in the proleptic Gregorian calendar, in years that begin
// with March, so that the leap day is the last of its year.
#include "date.h"

#include <errno.h>
#include <string.h>

#define DAY 86400
#define EPOCH_DAYS 719468    // from 1 March of year 0 to 1 January 1970
#define ERA_DAYS 146097      // 400 years

static const char weekdays[] = "SunMonTueWedThuFriSat";
static const char *const long_weekdays[] = { "Sunday",	 "Monday", "Tuesday", "Wednesday",
					     "Thursday", "Friday", "Saturday" };
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct fields {
	int64_t year;
	unsigned month; // 1 to 12
	unsigned day, hour, minute, second;
};

static int64_t days_of(const struct fields *f)
{
	int64_t y = f->month <= 2 ? f->year - 1 : f->year;
	unsigned m = f->month <= 2 ? f->month + 9 : f->month - 3;

	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + f->day - 1 - EPOCH_DAYS;
}

static void fields_of(struct fields *f, int64_t days)
{
	int64_t n = days + EPOCH_DAYS;
	int64_t era = n / ERA_DAYS;
	unsigned doe = (unsigned)(n - era * ERA_DAYS);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned m = (5 * doy + 2) / 153;

	f->day = doy - (153 * m + 2) / 5 + 1;
	f->month = m < 10 ? m + 3 : m - 9;
	f->year = era * 400 + yoe + (f->month <= 2);
}

static void digits(char *at, unsigned n, unsigned width)
{
	while (width--) {
		at[width] = (char)('0' + n % 10);
		n /= 10;
	}
}

void date_format(char out[DATE_LEN], int64_t t)
{
	int64_t days;
	unsigned rest;
	struct fields f;

	if (t < 0)
		t = 0;
	days = t / DAY;
	rest = (unsigned)(t % DAY);
	fields_of(&f, days);
	memcpy(out, "Thu, 01 Jan 1970 00:00:00 GMT", DATE_LEN);
	memcpy(out, weekdays + (days + 4) % 7 * 3, 3);
	digits(out + 5, f.day, 2);
	memcpy(out + 8, months + (f.month - 1) * 3, 3);
	digits(out + 12, (unsigned)f.year, 4);
	digits(out + 17, rest / 3600, 2);
	digits(out + 20, rest / 60 % 60, 2);
	digits(out + 23, rest % 60, 2);
}

// Reads s as the pattern says. # is a digit, _ a blank or a digit (a day); what the digits make
// goes to *values, one for each run of them. "mon" is a month's name; others stand for themselves.
static bool match(struct slice s, const char *pattern, unsigned *values)
{
	bool run = false;

	for (size_t i = 0; i < s.len; i++) {
		char p = pattern[i], c = s.at[i];

		if (p == '#' || p == '_') {
			if (!(c >= '0' && c <= '9') && !(p == '_' && c == ' '))
				return false;
			values[0] =
				(run ? values[0] : 0) * 10 + (c == ' ' ? 0 : (unsigned)(c - '0'));
			run = true;
			continue;
		}
		values += run;
		run = false;
		if (p == 'm') {
			unsigned m = 0;

			while (m < 12 && memcmp(months + m * 3, s.at + i, 3))
				m++;
			if (m == 12)
				return false;
			*values++ = m + 1;
			i += 2;
		} else if (p != c) {
			return false;
		}
	}
	return true;
}

static bool starts_with_weekday(struct slice s)
{
	for (unsigned i = 0; s.len >= 3 && i < 7; i++) {
		if (!memcmp(s.at, weekdays + i * 3, 3))
			return true;
	}
	return false;
}

static unsigned month_days(const struct fields *f)
{
	bool leap = (f->year % 4 == 0 && f->year % 100) || f->year % 400 == 0;

	return f->month == 2 ? 28u + leap : 30 + (f->month + (f->month > 7)) % 2;
}

static int seconds_of(const struct fields *f, int64_t *t)
{
	// 60 is a leap second.
	if (!f->day || f->day > month_days(f) || f->hour > 23 || f->minute > 59 || f->second > 60)
		return -EINVAL;
	*t = days_of(f) * DAY + f->hour * 3600 + f->minute * 60 + f->second;
	return 0;
}

static int parse_rfc850(struct slice s, int64_t now, int64_t *t)
{
	unsigned v[6];
	struct fields today, f;

	for (unsigned i = 0; i < 7; i++) {
		size_t n = strlen(long_weekdays[i]);
		struct slice rest = { s.at + n, s.len - n };

		if (s.len != n + 24 || memcmp(s.at, long_weekdays[i], n))
			continue;
		if (!match(rest, ", ##-mon-## ##:##:## GMT", v))
			return -EINVAL;
		fields_of(&today, now / DAY);
		f = (struct fields){ today.year / 100 * 100 + v[2], v[1], v[0], v[3], v[4], v[5] };
		if (f.year > today.year + 50)
			f.year -= 100;
		return seconds_of(&f, t);
	}
	return -EINVAL;
}

int date_parse(struct slice s, int64_t now, int64_t *t)
{
	struct slice rest;
	unsigned v[6];

	if (!starts_with_weekday(s))
		return -EINVAL;
	rest = (struct slice){ s.at + 3, s.len - 3 };
	if (s.len == DATE_LEN && match(rest, ", ## mon #### ##:##:## GMT", v))
		return seconds_of(&(struct fields){ v[2], v[1], v[0], v[3], v[4], v[5] }, t);
	if (s.len == 24 && match(rest, " mon _# ##:##:## ####", v))
		return seconds_of(&(struct fields){ v[5], v[0], v[1], v[2], v[3], v[4] }, t);
	return parse_rfc850(s, now, t);
}
